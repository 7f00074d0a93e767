//! Node-API behind safe functions: arguments, results, exceptions, calls into JavaScript, module registration, memory
//! shared with JavaScript.
//!
//! Each unsafe block holds one call. They are sound for one reason: `RawEnv` and the values read from it live only
//! during a callback that Node made on its own thread with a live environment. What the engine keeps (`Reference`, a
//! `Js` inside a function of the application) is used only while such a callback runs, or while the environment ends.

use std::ffi::{CString, c_char, c_void};
use std::ptr;

use napi_sys as sys;
use pluresdb_engine::{Error, ResultCode};
use pluresdb_value::Value;

use crate::environment::Environment;
use crate::error::Failure;
use crate::function;
use crate::row_buffer::Integers;

pub type RawEnv = sys::napi_env;
pub type RawValue = sys::napi_value;

/// A function as JavaScript calls it.
pub type Callback = fn(&mut Call<'_>) -> Result<RawValue, Failure>;

/// The most arguments any of our functions takes.
const MAX_ARGS: usize = 10;

/// One call from JavaScript.
pub struct Call<'a> {
    pub env: Js,
    pub environment: &'a Environment,
    /// Where Node wrote them a moment ago: a copy would wait for that.
    args: &'a [RawValue; MAX_ARGS],
}

/// The environment during a callback.
#[derive(Clone, Copy)]
pub struct Js(RawEnv);

macro_rules! node_api {
    ($call:expr) => {{
        // SAFETY: the environment is live during a callback, every value passed was made in it during the same
        // callback, and every out-pointer points to a local that outlives the call.
        let status = unsafe { $call };
        if status == sys::Status::napi_ok { Ok(()) } else { Err(Failure::NodeApi(status)) }
    }};
}

impl Call<'_> {
    pub fn u32(&self, index: usize) -> Result<u32, Failure> {
        let mut number = 0;
        node_api!(sys::napi_get_value_uint32(self.env.0, self.args[index], &raw mut number))?;
        Ok(number)
    }

    pub fn boolean(&self, index: usize) -> Result<bool, Failure> {
        let mut truth = false;
        node_api!(sys::napi_get_value_bool(self.env.0, self.args[index], &raw mut truth))?;
        Ok(truth)
    }

    pub fn f64(&self, index: usize) -> Result<f64, Failure> {
        let mut number = 0.0;
        node_api!(sys::napi_get_value_double(self.env.0, self.args[index], &raw mut number))?;
        Ok(number)
    }

    /// What JavaScript threw inside this call, if that is what the error is about.
    pub fn take_thrown(&self, error: &Error) -> Option<RawValue> {
        if error.code == ResultCode::Callback { self.environment.take_thrown() } else { None }
    }

    pub fn value(&self, index: usize) -> RawValue {
        self.args[index]
    }

    /// A string as UTF-8; lone surrogates become U+FFFD.
    pub fn string(&self, index: usize) -> Result<String, Failure> {
        let bytes = self.env.string_bytes(self.args[index])?;
        String::from_utf8(bytes).map_err(|_| Failure::NodeApi(sys::Status::napi_string_expected))
    }
}

/// What a function returns that returns nothing: Node makes undefined of it, and need not be asked for that.
pub const NOTHING: RawValue = ptr::null_mut();

impl Js {
    pub fn string_bytes(self, value: RawValue) -> Result<Vec<u8>, Failure> {
        let mut len = 0;
        node_api!(sys::napi_get_value_string_utf8(self.0, value, ptr::null_mut(), 0, &raw mut len))?;
        let mut bytes = vec![0_u8; len + 1];
        let start = bytes.as_mut_ptr().cast::<c_char>();
        node_api!(sys::napi_get_value_string_utf8(self.0, value, start, len + 1, &raw mut len))?;
        bytes.truncate(len);
        Ok(bytes)
    }

    /// A copy of a typed array's bytes.
    pub fn typed_array_bytes(self, value: RawValue) -> Result<Vec<u8>, Failure> {
        let (mut kind, mut len, mut data) = (0, 0, ptr::null_mut());
        let (mut buffer, mut offset) = (ptr::null_mut(), 0);
        node_api!(sys::napi_get_typedarray_info(
            self.0,
            value,
            &raw mut kind,
            &raw mut len,
            &raw mut data,
            &raw mut buffer,
            &raw mut offset
        ))?;
        let width = match kind {
            sys::TypedarrayType::int16_array | sys::TypedarrayType::uint16_array => 2,
            sys::TypedarrayType::int32_array
            | sys::TypedarrayType::uint32_array
            | sys::TypedarrayType::float32_array => 4,
            sys::TypedarrayType::float64_array
            | sys::TypedarrayType::bigint64_array
            | sys::TypedarrayType::biguint64_array => 8,
            _ => 1,
        };
        if len == 0 {
            return Ok(Vec::new());
        }
        // SAFETY: Node-API gave the address of `len * width` bytes that stay where they are during this callback.
        let bytes = unsafe { std::slice::from_raw_parts(data.cast::<u8>(), len * width) };
        Ok(bytes.to_vec())
    }

    /// A value for JavaScript; integers lose digits beyond 2^53 unless they are to be bigints.
    #[inline]
    pub fn new_value(self, value: &Value, integers: Integers) -> Result<RawValue, Failure> {
        match value {
            Value::Null => self.null(),
            Value::Integer(integer) if integers.is_bigint(*integer) => self.new_bigint(*integer),
            Value::Integer(integer) => self.new_f64(*integer as f64),
            Value::Real(real) => self.new_f64(*real),
            Value::Text(text) => self.new_string(text),
            Value::Blob(blob) => self.new_buffer(blob),
        }
    }

    /// What a value is in SQL, if it is anything there.
    #[inline]
    pub fn to_value(self, value: RawValue) -> Result<Result<Value, Refusal>, Failure> {
        let mut kind = 0;
        node_api!(sys::napi_typeof(self.0, value, &raw mut kind))?;
        Ok(Ok(match kind {
            sys::ValueType::napi_number => {
                let mut number = 0.0;
                node_api!(sys::napi_get_value_double(self.0, value, &raw mut number))?;
                Value::real(number)
            }
            sys::ValueType::napi_bigint => {
                let (mut integer, mut is_exact) = (0, false);
                node_api!(sys::napi_get_value_bigint_int64(
                    self.0,
                    value,
                    &raw mut integer,
                    &raw mut is_exact
                ))?;
                if !is_exact {
                    return Ok(Err(Refusal::BigintTooBig));
                }
                Value::Integer(integer)
            }
            sys::ValueType::napi_string => Value::text(self.string_bytes(value)?),
            sys::ValueType::napi_null | sys::ValueType::napi_undefined => Value::Null,
            sys::ValueType::napi_object => match self.buffer_bytes(value)? {
                Some(bytes) => Value::blob(bytes),
                None => return Ok(Err(Refusal::NoValue)),
            },
            _ => return Ok(Err(Refusal::NoValue)),
        }))
    }

    pub fn f64(self, value: RawValue) -> Result<f64, Failure> {
        let mut number = 0.0;
        node_api!(sys::napi_get_value_double(self.0, value, &raw mut number))?;
        Ok(number)
    }

    pub fn u32(self, value: RawValue) -> Result<u32, Failure> {
        let mut number = 0;
        node_api!(sys::napi_get_value_uint32(self.0, value, &raw mut number))?;
        Ok(number)
    }

    pub fn is_undefined(self, value: RawValue) -> Result<bool, Failure> {
        let mut kind = 0;
        node_api!(sys::napi_typeof(self.0, value, &raw mut kind))?;
        Ok(kind == sys::ValueType::napi_undefined)
    }

    pub fn element(self, array: RawValue, index: u32) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        node_api!(sys::napi_get_element(self.0, array, index, &raw mut value))?;
        Ok(value)
    }

    /// An array of strings.
    pub fn strings(self, array: RawValue) -> Result<Vec<String>, Failure> {
        let mut len = 0;
        node_api!(sys::napi_get_array_length(self.0, array, &raw mut len))?;
        let texts = (0..len).map(|index| {
            let bytes = self.string_bytes(self.element(array, index)?)?;
            Ok(String::from_utf8_lossy(&bytes).into_owned())
        });
        texts.collect()
    }

    /// A copy of the bytes of a Buffer or another typed array; None for any other object. A DataView is refused with
    /// better-sqlite3's words.
    fn buffer_bytes(self, value: RawValue) -> Result<Option<Vec<u8>>, Failure> {
        let mut is_array = false;
        node_api!(sys::napi_is_typedarray(self.0, value, &raw mut is_array))?;
        if is_array {
            return self.typed_array_bytes(value).map(Some);
        }
        let mut is_view = false;
        node_api!(sys::napi_is_dataview(self.0, value, &raw mut is_view))?;
        if is_view { Err(Failure::Plain("Invalid argument")) } else { Ok(None) }
    }

    /// Calls a function without a receiver.
    #[inline]
    pub fn call(self, function: RawValue, args: &[RawValue]) -> Result<RawValue, Failure> {
        self.call_method(self.undefined()?, function, args)
    }

    pub fn call_method(
        self,
        receiver: RawValue,
        function: RawValue,
        args: &[RawValue],
    ) -> Result<RawValue, Failure> {
        let mut result = ptr::null_mut();
        node_api!(sys::napi_call_function(
            self.0,
            receiver,
            function,
            args.len(),
            args.as_ptr(),
            &raw mut result
        ))?;
        Ok(result)
    }

    /// Runs `body`, whose values end with it. A failure is answered as the exception it is, a value of the scope
    /// outside; None when the environment can run no JavaScript any more.
    pub fn in_scope<R>(self, body: impl FnOnce() -> Result<R, Failure>) -> Result<R, Option<RawValue>> {
        let mut scope = ptr::null_mut();
        node_api!(sys::napi_open_escapable_handle_scope(self.0, &raw mut scope)).map_err(|_| None)?;
        let scope = Scope { env: self, scope };
        body().map_err(|failure| {
            match failure {
                Failure::Type(message) => drop(self.throw_type_error(&message)),
                Failure::Range(message) => drop(self.throw_range_error(&message)),
                Failure::Plain(message) => self.throw_error(message),
                Failure::Engine(_) | Failure::Thrown(_) | Failure::NodeApi(_) => {}
            }
            scope.escape(self.take_exception()?)
        })
    }

    /// The pending exception, pending no longer.
    fn take_exception(self) -> Option<RawValue> {
        if !self.is_exception_pending() {
            return None;
        }
        let mut exception = ptr::null_mut();
        node_api!(sys::napi_get_and_clear_last_exception(self.0, &raw mut exception)).ok()?;
        Some(exception)
    }

    pub fn is_function(self, value: RawValue) -> Result<bool, Failure> {
        let mut kind = 0;
        node_api!(sys::napi_typeof(self.0, value, &raw mut kind))?;
        Ok(kind == sys::ValueType::napi_function)
    }

    pub fn is_string(self, value: RawValue) -> Result<bool, Failure> {
        let mut kind = 0;
        node_api!(sys::napi_typeof(self.0, value, &raw mut kind))?;
        Ok(kind == sys::ValueType::napi_string)
    }

    pub fn undefined(self) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        node_api!(sys::napi_get_undefined(self.0, &raw mut value))?;
        Ok(value)
    }

    pub fn null(self) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        node_api!(sys::napi_get_null(self.0, &raw mut value))?;
        Ok(value)
    }

    pub fn new_boolean(self, truth: bool) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        node_api!(sys::napi_get_boolean(self.0, truth, &raw mut value))?;
        Ok(value)
    }

    pub fn new_u32(self, number: u32) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        node_api!(sys::napi_create_uint32(self.0, number, &raw mut value))?;
        Ok(value)
    }

    pub fn new_f64(self, number: f64) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        node_api!(sys::napi_create_double(self.0, number, &raw mut value))?;
        Ok(value)
    }

    pub fn new_bigint(self, integer: i64) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        node_api!(sys::napi_create_bigint_int64(self.0, integer, &raw mut value))?;
        Ok(value)
    }

    pub fn new_latin1(self, bytes: &[u8]) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        let start = bytes.as_ptr().cast::<c_char>();
        node_api!(sys::napi_create_string_latin1(self.0, start, len_of(bytes.len()), &raw mut value))?;
        Ok(value)
    }

    pub fn new_utf16(self, units: &[u16]) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        let len = len_of(units.len());
        node_api!(sys::napi_create_string_utf16(self.0, units.as_ptr(), len, &raw mut value))?;
        Ok(value)
    }

    /// Text of any content; invalid UTF-8 becomes U+FFFD. Decoding here is several times faster than in Node-API, and
    /// text within Latin-1 becomes a one-byte string.
    pub fn new_string(self, text: &[u8]) -> Result<RawValue, Failure> {
        if text.is_ascii() {
            return self.new_latin1(text);
        }
        let text = String::from_utf8_lossy(text);
        // The UTF-8 of U+0100 starts with C4.
        if text.bytes().all(|byte| byte < 0xc4) {
            let mut latin1 = Vec::with_capacity(text.len());
            latin1.extend(text.chars().map(|character| u32::from(character) as u8));
            return self.new_latin1(&latin1);
        }
        let mut units = Vec::with_capacity(text.len());
        units.extend(text.encode_utf16());
        self.new_utf16(&units)
    }

    /// A Buffer with its own copy of the bytes.
    pub fn new_buffer(self, bytes: &[u8]) -> Result<RawValue, Failure> {
        let (mut value, mut data) = (ptr::null_mut(), ptr::null_mut());
        let source = bytes.as_ptr().cast::<c_void>();
        node_api!(sys::napi_create_buffer_copy(self.0, bytes.len(), source, &raw mut data, &raw mut value))?;
        Ok(value)
    }

    /// An ArrayBuffer with the elements' bytes, one after the other.
    pub fn new_array_buffer<const WIDTH: usize>(
        self,
        elements: impl ExactSizeIterator<Item = [u8; WIDTH]>,
    ) -> Result<RawValue, Failure> {
        let (mut value, mut data) = (ptr::null_mut(), ptr::null_mut());
        let len = elements.len() * WIDTH;
        node_api!(sys::napi_create_arraybuffer(self.0, len, &raw mut data, &raw mut value))?;
        if len > 0 {
            // SAFETY: Node-API gave the address of `len` bytes, zeroed, which nobody else knows yet.
            let bytes = unsafe { std::slice::from_raw_parts_mut(data.cast::<u8>(), len) };
            for (place, element) in bytes.chunks_exact_mut(WIDTH).zip(elements) {
                place.copy_from_slice(&element);
            }
        }
        Ok(value)
    }

    pub fn new_array(self, items: &[RawValue]) -> Result<RawValue, Failure> {
        let mut array = ptr::null_mut();
        node_api!(sys::napi_create_array_with_length(self.0, items.len(), &raw mut array))?;
        for (index, &item) in items.iter().enumerate() {
            node_api!(sys::napi_set_element(self.0, array, index as u32, item))?;
        }
        Ok(array)
    }

    /// Keeps a JavaScript object alive until the environment ends or `unreference` is called.
    pub fn reference(self, value: RawValue) -> Result<Reference, Failure> {
        let mut reference = ptr::null_mut();
        node_api!(sys::napi_create_reference(self.0, value, 1, &raw mut reference))?;
        Ok(Reference(reference))
    }

    pub fn unreference(self, reference: Reference) {
        // A reference that cannot be deleted is the ending environment's to clean up.
        let _status: Result<(), Failure> = node_api!(sys::napi_delete_reference(self.0, reference.0));
    }

    /// Keeps any value alive, also one that is no object; `throw_kept` gives it back.
    pub fn keep(self, value: RawValue) -> Result<Reference, Failure> {
        self.reference(self.new_array(&[value])?)
    }

    /// Throws what `keep` kept.
    pub fn throw_kept(self, kept: Reference) -> Result<(), Failure> {
        let value = self.element(self.referenced(&kept)?, 0)?;
        self.unreference(kept);
        self.throw(value)
    }

    pub fn throw(self, value: RawValue) -> Result<(), Failure> {
        node_api!(sys::napi_throw(self.0, value))
    }

    /// The first bytes of an ArrayBuffer that JavaScript made, for a connection's status.
    pub fn status(self, value: RawValue) -> Result<Status, Failure> {
        Ok(Status(self.shared_buffer(value)?))
    }

    #[inline]
    pub fn referenced(self, reference: &Reference) -> Result<RawValue, Failure> {
        let mut value = ptr::null_mut();
        node_api!(sys::napi_get_reference_value(self.0, reference.0, &raw mut value))?;
        Ok(value)
    }

    /// The memory of an ArrayBuffer that JavaScript made.
    pub fn shared_buffer(self, value: RawValue) -> Result<SharedBuffer, Failure> {
        let (mut data, mut len) = (ptr::null_mut(), 0);
        node_api!(sys::napi_get_arraybuffer_info(self.0, value, &raw mut data, &raw mut len))?;
        let reference = self.reference(value)?;
        Ok(SharedBuffer { reference, data: data.cast::<u8>(), len })
    }

    /// Throws `new constructor(message, code)`, or `new constructor(message, code, detail)`.
    pub fn throw_instance(
        self,
        constructor: &Reference,
        message: &str,
        code: &str,
        detail: Option<&str>,
    ) -> Result<(), Failure> {
        let constructor = self.referenced(constructor)?;
        let texts = [Some(message), Some(code), detail];
        let args = texts.into_iter().flatten().map(|text| self.new_string(text.as_bytes()));
        let args = args.collect::<Result<Vec<_>, Failure>>()?;
        let mut error = ptr::null_mut();
        node_api!(sys::napi_new_instance(self.0, constructor, args.len(), args.as_ptr(), &raw mut error))?;
        node_api!(sys::napi_throw(self.0, error))
    }

    pub fn throw_range_error(self, message: &str) -> Result<(), Failure> {
        let message = CString::new(message).unwrap_or_default();
        node_api!(sys::napi_throw_range_error(self.0, ptr::null(), message.as_ptr()))
    }

    pub fn throw_type_error(self, message: &str) -> Result<(), Failure> {
        let message = CString::new(message).unwrap_or_default();
        node_api!(sys::napi_throw_type_error(self.0, ptr::null(), message.as_ptr()))
    }

    pub fn throw_error(self, message: &str) {
        let message = CString::new(message).unwrap_or_default();
        // Nothing is left to tell it to.
        let _status: Result<(), Failure> =
            node_api!(sys::napi_throw_error(self.0, ptr::null(), message.as_ptr()));
    }

    pub fn is_exception_pending(self) -> bool {
        let mut pending = false;
        node_api!(sys::napi_is_exception_pending(self.0, &raw mut pending)).is_ok() && pending
    }
}

/// A strong reference to a JavaScript object.
pub struct Reference(sys::napi_ref);

impl Js {
    /// As `unreference`, for one that is about to be dropped with what holds it.
    pub fn release(self, reference: &Reference) {
        // A reference that cannot be deleted is the ending environment's to clean up.
        let _status: Result<(), Failure> = node_api!(sys::napi_delete_reference(self.0, reference.0));
    }
}

/// The ArrayBuffer that carries parameters in and rows out.
pub struct SharedBuffer {
    reference: Reference,
    data: *mut u8,
    len: usize,
}

impl SharedBuffer {
    /// Its memory. JavaScript that runs meanwhile (a function of the application) finds the connection busy, or has it with
    /// another buffer, and leaves this one alone, so nobody else looks at it.
    pub fn bytes(&mut self) -> &mut [u8] {
        if self.len == 0 {
            return &mut [];
        }
        // SAFETY: the reference keeps the ArrayBuffer and so its memory alive; it was never detached, since lib/
        // keeps the only reference to it. `&mut self` makes this the only Rust view.
        unsafe { std::slice::from_raw_parts_mut(self.data, self.len) }
    }

    pub fn release(self, env: Js) {
        env.unreference(self.reference);
    }
}

/// What lib/ asks about a connection while the engine calls JavaScript:
///
///     u8 depth of such calls | u8 in a transaction | u8 the call may use the connection | u8 | u16 level of `lending`
pub struct Status(SharedBuffer);

impl Status {
    #[inline]
    pub fn enter(&mut self, in_transaction: bool, level: Option<u16>) {
        if let Some([depth, transaction]) = self.0.bytes().first_chunk_mut::<2>() {
            *depth = depth.saturating_add(1);
            *transaction = u8::from(in_transaction);
        }
        self.set_level(level);
    }

    /// The connection may be used, on this level; None: it may not.
    #[inline]
    pub fn set_level(&mut self, level: Option<u16>) {
        let bytes = self.0.bytes();
        if let Some(is_lent) = bytes.get_mut(2) {
            *is_lent = u8::from(level.is_some());
        }
        if let (Some(level), Some(place)) = (level, bytes.get_mut(4..6)) {
            place.copy_from_slice(&level.to_le_bytes());
        }
    }

    #[inline]
    pub fn leave(&mut self) {
        if let Some(depth) = self.0.bytes().first_mut() {
            *depth = depth.saturating_sub(1);
        }
    }

    pub fn release(self, env: Js) {
        self.0.release(env);
    }
}

/// Why a value of JavaScript is none in SQL.
pub enum Refusal {
    BigintTooBig,
    NoValue,
}

impl Refusal {
    /// As better-sqlite3 says it; `subject` is what gave the value, with its verb.
    pub fn failure(self, subject: &str) -> Failure {
        match self {
            Refusal::BigintTooBig => Failure::Range(format!("{subject} a bigint that was too big").into()),
            Refusal::NoValue => Failure::Type(format!("{subject} an invalid value").into()),
        }
    }
}

/// An open handle scope.
struct Scope {
    env: Js,
    scope: sys::napi_escapable_handle_scope,
}

impl Scope {
    /// The value as one of the scope outside; once for each scope.
    fn escape(&self, value: RawValue) -> Option<RawValue> {
        let mut escaped = ptr::null_mut();
        node_api!(sys::napi_escape_handle(self.env.0, self.scope, value, &raw mut escaped)).ok()?;
        Some(escaped)
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        // A scope that cannot be closed ends with the callback.
        let _status: Result<(), Failure> =
            node_api!(sys::napi_close_escapable_handle_scope(self.env.0, self.scope));
    }
}

/// Work for the thread pool, and what follows it on the environment's own thread.
struct Task {
    work: Option<Box<dyn FnOnce() + Send>>,
    then: Box<dyn FnOnce(Js) -> Result<RawValue, Failure>>,
    deferred: sys::napi_deferred,
    handle: sys::napi_async_work,
}

impl Js {
    /// Runs `work` on a thread of the pool, then `then` on this one; answers a promise of what `then` makes.
    pub fn start_task(
        self,
        work: impl FnOnce() + Send + 'static,
        then: impl FnOnce(Js) -> Result<RawValue, Failure> + 'static,
    ) -> Result<RawValue, Failure> {
        let name = self.new_latin1(b"pluresdb")?;
        let (mut deferred, mut promise) = (ptr::null_mut(), ptr::null_mut());
        node_api!(sys::napi_create_promise(self.0, &raw mut deferred, &raw mut promise))?;
        let task =
            Task { work: Some(Box::new(work)), then: Box::new(then), deferred, handle: ptr::null_mut() };
        let task = Box::into_raw(Box::new(task));
        let mut handle = ptr::null_mut();
        let data = task.cast::<c_void>();
        node_api!(sys::napi_create_async_work(
            self.0,
            ptr::null_mut(),
            name,
            Some(execute_task),
            Some(complete_task),
            data,
            &raw mut handle
        ))?;
        // SAFETY: the box was leaked above and nobody else has it before the work is queued.
        unsafe { (*task).handle = handle };
        node_api!(sys::napi_queue_async_work(self.0, handle))?;
        Ok(promise)
    }
}

/// On a thread of the pool.
extern "C" fn execute_task(_env: RawEnv, data: *mut c_void) {
    // SAFETY: `start_task` leaked the task; until `complete_task` runs only this call has it. Of its parts only `work`,
    // which is Send, is touched here.
    let work = unsafe { (*data.cast::<Task>()).work.take() };
    if let Some(work) = work {
        // What a panic leaves undone `then` finds undone.
        let _outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    }
}

/// Back on the environment's thread, also when the work was given up because the environment ends.
extern "C" fn complete_task(raw_env: RawEnv, _status: sys::napi_status, data: *mut c_void) {
    // SAFETY: `start_task` leaked the box for exactly this call, which is made once.
    let Task { work, then, deferred, handle } = *unsafe { Box::from_raw(data.cast::<Task>()) };
    drop(work);
    let env = Js(raw_env);
    let value = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| then(env)));
    let _settled: Result<(), Failure> = match value {
        Ok(Ok(value)) => node_api!(sys::napi_resolve_deferred(raw_env, deferred, value)),
        Ok(Err(_)) | Err(_) => env
            .undefined()
            .and_then(|undefined| node_api!(sys::napi_reject_deferred(raw_env, deferred, undefined))),
    };
    let _deleted: Result<(), Failure> = node_api!(sys::napi_delete_async_work(raw_env, handle));
}

fn len_of(len: usize) -> isize {
    isize::try_from(len).unwrap_or(isize::MAX)
}

/// The data behind every function of one environment.
struct Entry {
    callback: Callback,
    environment: *const Environment,
}

/// What Node calls: finds the arguments, runs the function, turns failures and panics into exceptions.
extern "C" fn trampoline(raw_env: RawEnv, info: sys::napi_callback_info) -> RawValue {
    let env = Js(raw_env);
    let mut args = [ptr::null_mut(); MAX_ARGS];
    let mut count = MAX_ARGS;
    let mut data = ptr::null_mut();
    let found = node_api!(sys::napi_get_cb_info(
        raw_env,
        info,
        &raw mut count,
        args.as_mut_ptr(),
        ptr::null_mut(),
        &raw mut data
    ));
    if found.is_err() {
        return ptr::null_mut();
    }
    // SAFETY: `register` gave Node a leaked `Entry`, which lives as long as the process.
    let entry = unsafe { &*data.cast::<Entry>() };
    // SAFETY: the environment lives until its clean-up hook ran, after which Node calls no function of it. Callbacks
    // run on its one thread; one may run inside another, so all of them share it.
    let environment = unsafe { &*entry.environment };
    let outer = environment.active();
    let value = run(entry, env, environment, &args);
    environment.set_active(outer);
    value
}

fn run(entry: &Entry, env: Js, environment: &Environment, args: &[RawValue; MAX_ARGS]) -> RawValue {
    let mut call = Call { env, environment, args };
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (entry.callback)(&mut call)));
    match outcome {
        Ok(Ok(value)) => return value,
        Ok(Err(failure)) => environment.throw(env, failure),
        Err(panic) => environment.throw_panic(env, panic.as_ref()),
    }
    if !env.is_exception_pending() {
        env.throw_error("internal error: an exception could not be made");
    }
    ptr::null_mut()
}

extern "C" fn clean_up(data: *mut c_void) {
    // SAFETY: `register` leaked this box for exactly this hook, which runs once.
    let environment = unsafe { Box::from_raw(data.cast::<Environment>()) };
    // A panic must not unwind into Node; the databases' files are safe whatever happens here.
    let _outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(move || drop(environment)));
}

fn define(env: Js, exports: RawValue, environment: *const Environment) -> Result<(), Failure> {
    for &(name, callback) in function::FUNCTIONS {
        let entry = Box::into_raw(Box::new(Entry { callback, environment }));
        let mut function = ptr::null_mut();
        let c_name = CString::new(name).unwrap_or_default();
        node_api!(sys::napi_create_function(
            env.0,
            c_name.as_ptr(),
            len_of(name.len()),
            Some(trampoline),
            entry.cast::<c_void>(),
            &raw mut function
        ))?;
        node_api!(sys::napi_set_named_property(env.0, exports, c_name.as_ptr(), function))?;
    }
    Ok(())
}

/// Node's entry into the addon, once for each environment (main thread and each worker).
#[unsafe(no_mangle)]
pub extern "C" fn napi_register_module_v1(raw_env: RawEnv, exports: RawValue) -> RawValue {
    #[cfg(windows)]
    {
        // SAFETY: called before any other function of Node-API, as it asks; the process exports what it looks up.
        unsafe { sys::setup() };
    }
    #[cfg(not(windows))]
    crate::allocator::keep_freed_memory();
    let env = Js(raw_env);
    let environment = Box::into_raw(Box::new(Environment::default()));
    let hooked =
        node_api!(sys::napi_add_env_cleanup_hook(raw_env, Some(clean_up), environment.cast::<c_void>()));
    if hooked.is_err() || define(env, exports, environment).is_err() {
        env.throw_error(
            "pluresdb: this Node-API is too old; Node 20 or newer, or a current Electron, is needed",
        );
    }
    exports
}

/// The Node-API version the addon was built for.
#[unsafe(no_mangle)]
pub extern "C" fn node_api_module_get_api_version_v1() -> i32 {
    8
}
