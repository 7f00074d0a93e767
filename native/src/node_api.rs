//! Node-API behind safe functions: arguments, results, exceptions, module registration, the shared buffer.
//!
//! Each unsafe block holds one call. They are sound for one reason: `RawEnv` and the values read from it live only
//! during a callback that Node made on its own thread with a live environment.

use std::ffi::{CString, c_char, c_void};
use std::ptr;

use napi_sys as sys;

use crate::environment::Environment;
use crate::error::Failure;
use crate::function;

pub type RawEnv = sys::napi_env;
pub type RawValue = sys::napi_value;

/// A function as JavaScript calls it.
pub type Callback = fn(&mut Call<'_>) -> Result<RawValue, Failure>;

/// The most arguments any of our functions takes.
const MAX_ARGS: usize = 6;

/// One call from JavaScript.
pub struct Call<'a> {
    pub env: Js,
    pub environment: &'a mut Environment,
    args: [RawValue; MAX_ARGS],
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

    pub fn value(&self, index: usize) -> RawValue {
        self.args[index]
    }

    /// A string as UTF-8; lone surrogates become U+FFFD.
    pub fn string(&self, index: usize) -> Result<String, Failure> {
        let bytes = self.env.string_bytes(self.args[index])?;
        String::from_utf8(bytes).map_err(|_| Failure::NodeApi(sys::Status::napi_string_expected))
    }
}

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

    fn referenced(self, reference: &Reference) -> Result<RawValue, Failure> {
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

/// The ArrayBuffer that carries parameters in and rows out.
pub struct SharedBuffer {
    reference: Reference,
    data: *mut u8,
    len: usize,
}

impl SharedBuffer {
    /// Its memory. JavaScript does not run while a callback does, so nobody else looks at it.
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

fn len_of(len: usize) -> isize {
    isize::try_from(len).unwrap_or(isize::MAX)
}

/// The data behind every function of one environment.
struct Entry {
    callback: Callback,
    environment: *mut Environment,
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
    // SAFETY: the environment lives until its clean-up hook ran, after which Node calls no function of it; callbacks
    // run on its one thread and none of them calls back into JavaScript, so this is the only reference.
    let environment = unsafe { &mut *entry.environment };
    let mut call = Call { env, environment, args };
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (entry.callback)(&mut call)));
    match outcome {
        Ok(Ok(value)) => return value,
        Ok(Err(failure)) => call.environment.throw(env, failure),
        Err(panic) => call.environment.throw_panic(env, panic.as_ref()),
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

fn define(env: Js, exports: RawValue, environment: *mut Environment) -> Result<(), Failure> {
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
