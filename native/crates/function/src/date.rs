//! Dates and times: `date time datetime julianday unixepoch strftime timediff` and the `current_…` functions.
//!
//! A moment is a count of milliseconds since the Julian epoch, noon of 24 November 4714 BC. Beside it stand, when they
//! are known, year-month-day and hour-minute-second; a modifier changes one form and drops the others, and each form
//! is computed from another when it is asked for. What is valid when decides SQLite's less obvious answers, so the
//! flags here follow it step by step.
//!
//! Not here: the clock and the time zone, which `Context` knows.

use pluresdb_value::number::{self, Numeric};
use pluresdb_value::{Bytes, Value, ValueRef};

use crate::format;
use crate::registry::{Call, Context, Flags, FunctionError, Scalar};
use crate::text::before_nul;

type Answer = Result<Value, FunctionError>;

pub(crate) const FUNCTIONS: &[Scalar] = &[
    Scalar::new("current_date", 0, 0, date).only(Flags::INNOCUOUS.with(Flags::STATEMENT_CONSTANT)),
    Scalar::new("current_time", 0, 0, time).only(Flags::INNOCUOUS.with(Flags::STATEMENT_CONSTANT)),
    Scalar::new("current_timestamp", 0, 0, datetime).only(Flags::INNOCUOUS.with(Flags::STATEMENT_CONSTANT)),
    Scalar::new("date", 0, -1, date),
    Scalar::new("datetime", 0, -1, datetime),
    Scalar::new("julianday", 0, -1, julianday),
    Scalar::new("strftime", 0, -1, strftime),
    Scalar::new("time", 0, -1, time),
    Scalar::new("timediff", 2, 2, timediff),
    Scalar::new("unixepoch", 0, -1, unixepoch),
];

const MS_PER_DAY: i64 = 86_400_000;
const HALF_DAY_MS: i64 = MS_PER_DAY / 2;
/// 1970-01-01.
const UNIX_EPOCH_MS: i64 = 210_866_760_000_000;
/// 9999-12-31 23:59:59.999.
const LAST_MS: i64 = 464_269_060_799_999;
/// Seconds since 1970 of the first and the last moment.
const FIRST_UNIX_SECOND: f64 = -210_866_760_000.0;
const LAST_UNIX_SECOND: f64 = 253_402_300_799.0;

#[derive(Clone, Copy, Default)]
struct Moment {
    /// Milliseconds since the Julian epoch.
    ms: i64,
    year: i32,
    month: i32,
    day: i32,
    hour: i32,
    minute: i32,
    /// Minutes that the written time is ahead of UTC.
    zone: i32,
    /// Seconds, or the number as it was given while `is_raw`.
    second: f64,
    has_ms: bool,
    has_date: bool,
    has_time: bool,
    /// Days by which `day` exceeds its month; what the modifier `floor` takes back.
    overflow_days: i32,
    is_raw: bool,
    is_error: bool,
    shows_subseconds: bool,
    is_utc: bool,
    is_local: bool,
}

/// Digits of a fixed count within a range, as dates are written.
#[derive(Clone, Copy)]
struct Field {
    len: usize,
    min: i32,
    max: i32,
}

const fn field(len: usize, min: i32, max: i32) -> Field {
    Field { len, min, max }
}

/// Reads fields with the given bytes between them; `None` when one is missing or out of range.
fn read_fields<const N: usize>(text: &[u8], fields: [Field; N], between: u8) -> Option<[i32; N]> {
    let mut values = [0; N];
    let mut rest = text;
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            rest = rest.strip_prefix(&[between])?;
        }
        let (digits, tail) = rest.split_at_checked(field.len)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        values[i] = digits.iter().fold(0, |value, digit| value * 10 + i32::from(digit - b'0'));
        if values[i] < field.min || values[i] > field.max {
            return None;
        }
        rest = tail;
    }
    Some(values)
}

fn skip_spaces(mut text: &[u8]) -> &[u8] {
    while let Some((&first, rest)) = text.split_first()
        && number::is_space(first)
    {
        text = rest;
    }
    text
}

fn days_of_month(year: i32, month: i32) -> i32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 30,
    }
}

impl Moment {
    /// An out of range date answers NULL in the end.
    fn fail(&mut self) {
        *self = Moment { is_error: true, ..Moment::default() };
    }

    fn drop_date_and_time(&mut self) {
        self.has_date = false;
        self.has_time = false;
        self.zone = 0;
    }

    fn find_overflow(&mut self) {
        self.overflow_days = (self.day - days_of_month(self.year, self.month)).max(0);
    }

    fn compute_ms(&mut self) {
        if self.has_ms {
            return;
        }
        let (mut year, mut month, mut day) = (2000, 1, 1);
        if self.has_date {
            (year, month, day) = (self.year, self.month, self.day);
        } else if self.has_time && self.hour == 24 {
            self.hour = 0;
            day = 2;
        }
        if !(-4713..=9999).contains(&year) || self.is_raw {
            self.fail();
            return;
        }
        if month <= 2 {
            year -= 1;
            month += 12;
        }
        let century = (year + 4800) / 100;
        let leap = 38 - century + century / 4;
        let year_days = 36525 * (year + 4716) / 100;
        let month_days = 306_001 * (month + 1) / 10000;
        self.ms = ((f64::from(year_days + month_days + day + leap) - 1524.5) * MS_PER_DAY as f64) as i64;
        self.has_ms = true;
        if self.has_time {
            self.ms += i64::from(self.hour) * 3_600_000
                + i64::from(self.minute) * 60_000
                + (self.second * 1000.0 + 0.5) as i64;
            if self.zone != 0 {
                self.ms -= i64::from(self.zone) * 60_000;
                self.drop_date_and_time();
                self.is_utc = true;
                self.is_local = false;
            }
        }
    }

    fn compute_date(&mut self) {
        if self.has_date {
            return;
        }
        if !self.has_ms {
            (self.year, self.month, self.day) = (2000, 1, 1);
        } else if !is_valid(self.ms) {
            self.fail();
            return;
        } else {
            (self.year, self.month, self.day) = date_of(((self.ms + HALF_DAY_MS) / MS_PER_DAY) as u32);
        }
        self.has_date = true;
    }

    fn compute_time(&mut self) {
        if self.has_time {
            return;
        }
        self.compute_ms();
        let day_ms = (self.ms + HALF_DAY_MS) % MS_PER_DAY;
        self.second = (day_ms % 60_000) as f64 / 1000.0;
        let day_minutes = (day_ms / 60_000) as i32;
        self.minute = day_minutes % 60;
        self.hour = day_minutes / 60;
        self.is_raw = false;
        self.has_time = true;
    }

    fn compute_date_and_time(&mut self) {
        self.compute_date();
        self.compute_time();
    }

    fn set_now(&mut self, context: &dyn Context) {
        self.ms = context.now_unix_ms() + UNIX_EPOCH_MS;
        self.has_ms = true;
        self.is_utc = true;
        self.is_local = false;
        self.drop_date_and_time();
    }

    /// A number may become a Julian day, or by a modifier seconds since 1970.
    fn set_raw(&mut self, real: f64) {
        self.second = real;
        self.is_raw = true;
        if (0.0..5_373_484.5).contains(&real) {
            self.ms = (real * MS_PER_DAY as f64 + 0.5) as i64;
            self.has_ms = true;
        }
    }

    fn set_unix_seconds(&mut self, seconds: f64) {
        self.drop_date_and_time();
        self.ms = (seconds * 1000.0 + UNIX_EPOCH_MS as f64 + 0.5) as i64;
        self.has_ms = true;
        self.is_raw = false;
    }

    /// Reads `HH:MM`, `HH:MM:SS` or `HH:MM:SS.FFF` and a time zone up to the end of the text.
    fn read_time(&mut self, text: &[u8]) -> Option<()> {
        let [hour, minute] = read_fields(text, [field(2, 0, 24), field(2, 0, 59)], b':')?;
        let mut rest = &text[5..];
        let mut second = 0;
        let mut fraction = 0.0;
        if let Some(tail) = rest.strip_prefix(b":") {
            [second] = read_fields(tail, [field(2, 0, 59)], 0)?;
            rest = &tail[2..];
            if let [b'.', first, ..] = rest
                && first.is_ascii_digit()
            {
                let digit_count = rest[1..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                let mut scale = 1.0;
                for digit in &rest[1..=digit_count] {
                    fraction = fraction * 10.0 + f64::from(*digit) - 48.0;
                    scale *= 10.0;
                }
                fraction /= scale;
                // Less than a millisecond is cut, never rounded up to the next second.
                if fraction > 0.999 {
                    fraction = 0.999;
                }
                rest = &rest[1 + digit_count..];
            }
        }
        if hour == 24 && (minute != 0 || second != 0 || fraction != 0.0) {
            return None;
        }
        self.has_ms = false;
        self.is_raw = false;
        self.has_time = true;
        self.hour = hour;
        self.minute = minute;
        self.second = f64::from(second) + fraction;
        self.read_zone(rest)
    }

    fn read_zone(&mut self, text: &[u8]) -> Option<()> {
        let text = skip_spaces(text);
        self.zone = 0;
        let rest = match text.first() {
            None => return Some(()),
            Some(b'Z' | b'z') => {
                self.is_local = false;
                self.is_utc = true;
                &text[1..]
            }
            Some(sign @ (b'+' | b'-')) => {
                let [hours, minutes] = read_fields(&text[1..], [field(2, 0, 14), field(2, 0, 59)], b':')?;
                let ahead = hours * 60 + minutes;
                self.zone = if *sign == b'-' { -ahead } else { ahead };
                if self.zone == 0 {
                    self.is_local = false;
                    self.is_utc = true;
                }
                &text[6..]
            }
            Some(_) => return None,
        };
        skip_spaces(rest).is_empty().then_some(())
    }

    /// Reads `YYYY-MM-DD` and perhaps a time.
    fn read_date(&mut self, text: &[u8]) -> Option<()> {
        let (text, is_negative) = match text.strip_prefix(b"-") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let [mut year, mut month, mut day] =
            read_fields(text, [field(4, 0, 14712), field(2, 1, 12), field(2, 1, 31)], b'-')?;
        let mut rest = &text[10..];
        while let Some((&first, tail)) = rest.split_first()
            && (number::is_space(first) || first == b'T')
        {
            rest = tail;
        }
        if self.read_time(rest).is_some() {
            if self.hour == 24 {
                self.hour = 0;
                day += 1;
                let last = days_of_month(year, month);
                if day > last {
                    day -= last;
                    month += 1;
                    if month > 12 {
                        month = 1;
                        year += 1;
                    }
                }
            }
        } else if rest.is_empty() {
            self.has_time = false;
        } else {
            return None;
        }
        self.has_ms = false;
        self.has_date = true;
        self.year = if is_negative { -year } else { year };
        self.month = month;
        self.day = day;
        self.find_overflow();
        if self.zone != 0 {
            self.compute_ms();
        }
        Some(())
    }

    /// Adds whole months; the date is known and the moment is not afterwards.
    fn carry_months(&mut self) {
        let years = if self.month > 0 { (self.month - 1) / 12 } else { (self.month - 12) / 12 };
        self.year = self.year.wrapping_add(years);
        self.month -= years * 12;
    }

    fn start_of_day(&mut self) {
        self.compute_date();
        self.has_time = true;
        self.hour = 0;
        self.minute = 0;
        self.second = 0.0;
        self.is_raw = false;
        self.zone = 0;
        self.has_ms = false;
    }
}

/// Year, month and day so many days after the Julian epoch; of days that `is_valid`. Years count from March, in cycles of 400
/// years and of 4: so nothing is divided but by constants.
fn date_of(days: u32) -> (i32, i32, i32) {
    const DAYS_OF_CYCLE: u32 = 146_097;
    // From 1 March 4801 BC, where a cycle begins.
    let days = 4 * (days + 32044) + 3;
    let (cycle_year, day_of_cycle) = (days / DAYS_OF_CYCLE * 100, days % DAYS_OF_CYCLE / 4);
    let quarters = 4 * day_of_cycle + 3;
    let (year, day_of_year) = (cycle_year + quarters / 1461, quarters % 1461 / 4);
    let fifths = 5 * day_of_year + 2;
    let (month, day) = (fifths / 153, fifths % 153 / 5 + 1);
    let is_next_year = month >= 10;
    let month = if is_next_year { month - 9 } else { month + 3 };
    (year as i32 + i32::from(is_next_year) - 4800, month as i32, day as i32)
}

fn is_valid(ms: i64) -> bool {
    (0..=LAST_MS).contains(&ms)
}

/// A date function under way: what modifiers need besides the moment.
struct Reader<'c> {
    context: &'c mut dyn Context,
    function: &'static str,
}

/// What most tables keep, without a look at each word.
fn of_unix_seconds(seconds: i64) -> Result<Moment, Stop> {
    let mut moment = Moment { second: seconds as f64, is_raw: true, ..Moment::default() };
    set_unix_epoch(&mut moment)?;
    if is_valid(moment.ms) { Ok(moment) } else { Err(Stop::Null) }
}

/// Takes the number as it was given for seconds since 1970.
fn set_unix_epoch(moment: &mut Moment) -> Step {
    let ms = moment.second * 1000.0 + UNIX_EPOCH_MS as f64;
    if !(0.0..(LAST_MS + 1) as f64).contains(&ms) {
        return Err(Stop::Null);
    }
    moment.set_unix_seconds(moment.second);
    Ok(())
}

/// Why there is no moment: NULL, or an error.
enum Stop {
    Null,
    Error(FunctionError),
}

type Step = Result<(), Stop>;

impl Reader<'_> {
    /// Where results must be lasting, asking the clock or the time zone is an error.
    fn check_impure(&self) -> Step {
        match self.context.deterministic_place() {
            Some(place) => Err(Stop::Error(FunctionError::new(format!(
                "non-deterministic use of {}() in {place}",
                self.function
            )))),
            None => Ok(()),
        }
    }

    fn read(&self, args: &[ValueRef<'_>]) -> Result<Moment, Stop> {
        if let [ValueRef::Integer(seconds), ValueRef::Text(b"unixepoch")] = args {
            return of_unix_seconds(*seconds);
        }
        let mut moment = Moment::default();
        let Some(first) = args.first() else {
            self.check_impure()?;
            moment.set_now(self.context);
            return Ok(moment);
        };
        match first {
            ValueRef::Integer(_) | ValueRef::Real(_) => moment.set_raw(first.to_real()),
            _ => {
                let text = first.as_text().ok_or(Stop::Null)?;
                self.read_text(before_nul(&text), &mut moment)?;
            }
        }
        for (i, arg) in args.iter().enumerate().skip(1) {
            let text = arg.as_text().ok_or(Stop::Null)?;
            self.modify(&mut moment, before_nul(&text), i)?;
        }
        moment.compute_ms();
        if moment.is_error || !is_valid(moment.ms) {
            return Err(Stop::Null);
        }
        if args.len() == 1 && moment.has_date && moment.day > 28 {
            // 2023-02-31 is 2023-03-03.
            moment.has_date = false;
        }
        Ok(moment)
    }

    fn read_text(&self, text: &[u8], moment: &mut Moment) -> Step {
        // A date that fails halfway leaves its traces, as in SQLite.
        if moment.read_date(text).is_some() || moment.read_time(text).is_some() {
            return Ok(());
        }
        if text.eq_ignore_ascii_case(b"now") {
            self.check_impure()?;
            moment.set_now(self.context);
            return Ok(());
        }
        let parsed = number::parse_real(text);
        if parsed.extent == Numeric::Whole {
            moment.set_raw(parsed.value);
            return Ok(());
        }
        if text.eq_ignore_ascii_case(b"subsec") || text.eq_ignore_ascii_case(b"subsecond") {
            self.check_impure()?;
            moment.shows_subseconds = true;
            moment.set_now(self.context);
            return Ok(());
        }
        Err(Stop::Null)
    }

    fn modify(&self, moment: &mut Moment, text: &[u8], position: usize) -> Step {
        // A call for each row must not allocate. No modifier told by its name alone is longer.
        let mut short = [0; 24];
        let long;
        let lower = match short.get_mut(..text.len()) {
            Some(lower) => {
                lower.copy_from_slice(text);
                lower.make_ascii_lowercase();
                &*lower
            }
            None => {
                long = text.to_ascii_lowercase();
                &long[..]
            }
        };
        match lower {
            b"auto" => {
                if position > 1 {
                    return Err(Stop::Null);
                }
                if !moment.is_raw || moment.has_ms {
                    moment.is_raw = false;
                } else if (FIRST_UNIX_SECOND..=LAST_UNIX_SECOND).contains(&moment.second) {
                    moment.set_unix_seconds(moment.second);
                }
            }
            b"ceiling" => {
                moment.compute_ms();
                moment.drop_date_and_time();
                moment.overflow_days = 0;
            }
            b"floor" => {
                moment.compute_ms();
                moment.ms -= i64::from(moment.overflow_days) * MS_PER_DAY;
                moment.drop_date_and_time();
            }
            b"julianday" => {
                if position > 1 || !moment.has_ms || !moment.is_raw {
                    return Err(Stop::Null);
                }
                moment.is_raw = false;
            }
            b"localtime" => {
                self.check_impure()?;
                if !moment.is_local {
                    self.to_local(moment)?;
                }
                moment.is_utc = false;
                moment.is_local = true;
            }
            b"unixepoch" if moment.is_raw => {
                if position > 1 {
                    return Err(Stop::Null);
                }
                set_unix_epoch(moment)?;
            }
            b"utc" => {
                self.check_impure()?;
                self.to_utc(moment)?;
            }
            b"subsec" | b"subsecond" => moment.shows_subseconds = true,
            _ if lower.starts_with(b"weekday ") => to_weekday(moment, &lower[8..])?,
            _ if lower.starts_with(b"start of ") => to_start(moment, &lower[9..])?,
            _ if lower.starts_with(b"end of ") => to_end(moment, &lower[7..])?,
            [b'+' | b'-' | b'0'..=b'9', ..] => shift(moment, text)?,
            _ => return Err(Stop::Null),
        }
        Ok(())
    }

    fn to_local(&self, moment: &mut Moment) -> Step {
        // 1970 to 2038: outside, the year is mapped to one inside that is a leap year when it is one.
        const FIRST_MS: i64 = UNIX_EPOCH_MS;
        const LAST_KNOWN_MS: i64 = 213_014_145_600_000;
        moment.compute_ms();
        let mut years = 0;
        let mut ms = moment.ms;
        if !(FIRST_MS..=LAST_KNOWN_MS).contains(&ms) {
            let mut mapped = *moment;
            mapped.compute_date_and_time();
            years = 2000 + mapped.year % 4 - mapped.year;
            mapped.year += years;
            mapped.has_ms = false;
            mapped.compute_ms();
            ms = mapped.ms;
        }
        let seconds = ms / 1000 - UNIX_EPOCH_MS / 1000;
        let offset = self
            .context
            .local_offset_seconds(seconds)
            .ok_or_else(|| Stop::Error(FunctionError::new("local time unavailable")))?;
        let mut local =
            Moment { ms: (seconds + offset) * 1000 + UNIX_EPOCH_MS, has_ms: true, ..Moment::default() };
        local.compute_date_and_time();
        moment.year = local.year - years;
        moment.month = local.month;
        moment.day = local.day;
        moment.hour = local.hour;
        moment.minute = local.minute;
        moment.second = local.second + (moment.ms % 1000) as f64 * 0.001;
        moment.has_date = true;
        moment.has_time = true;
        moment.has_ms = false;
        moment.is_raw = false;
        moment.zone = 0;
        moment.is_error = false;
        Ok(())
    }

    /// Looks for the moment whose local time is the given one, in a few steps.
    fn to_utc(&self, moment: &mut Moment) -> Step {
        if moment.is_utc {
            return Ok(());
        }
        moment.compute_ms();
        let wanted = moment.ms;
        let mut guess = wanted;
        let mut error = 0;
        for _ in 0..=4 {
            guess -= error;
            let mut local = Moment { ms: guess, has_ms: true, ..Moment::default() };
            self.to_local(&mut local)?;
            local.compute_ms();
            error = local.ms - wanted;
            if error == 0 {
                break;
            }
        }
        *moment = Moment { ms: guess, has_ms: true, is_utc: true, ..Moment::default() };
        Ok(())
    }
}

fn to_weekday(moment: &mut Moment, text: &[u8]) -> Step {
    let parsed = number::parse_real(text);
    let weekday = parsed.value as i64;
    if parsed.extent != Numeric::Whole
        || !(-6.0..=6.0).contains(&parsed.value)
        || parsed.value != 0.0 && parsed.value != weekday as f64
    {
        return Err(Stop::Null);
    }
    let weekday = weekday.abs();
    moment.compute_date_and_time();
    moment.zone = 0;
    moment.has_ms = false;
    moment.compute_ms();
    let mut today = (moment.ms + MS_PER_DAY + HALF_DAY_MS) / MS_PER_DAY % 7;
    if today != weekday {
        if today > weekday {
            today -= 7;
        }
        moment.ms += (weekday - today) * MS_PER_DAY;
        if text.contains(&b'-') {
            moment.ms -= 7 * MS_PER_DAY;
        }
    }
    moment.drop_date_and_time();
    Ok(())
}

fn to_start(moment: &mut Moment, unit: &[u8]) -> Step {
    if !moment.has_ms && !moment.has_date && !moment.has_time {
        return Err(Stop::Null);
    }
    moment.start_of_day();
    match unit {
        b"day" => {}
        b"month" => moment.day = 1,
        b"year" => (moment.month, moment.day) = (1, 1),
        _ => return Err(Stop::Null),
    }
    Ok(())
}

fn to_end(moment: &mut Moment, unit: &[u8]) -> Step {
    if !moment.has_ms && !moment.has_date && !moment.has_time {
        return Err(Stop::Null);
    }
    moment.start_of_day();
    (moment.hour, moment.minute, moment.second) = (23, 59, 59.999);
    match unit {
        b"day" => {}
        b"month" => {
            moment.day = 1;
            moment.month += 1;
            if moment.month > 12 {
                moment.year += 1;
                moment.month = 1;
            }
            moment.find_overflow();
            moment.compute_ms();
            moment.ms -= i64::from(moment.overflow_days + 1) * MS_PER_DAY;
            moment.drop_date_and_time();
        }
        b"year" => (moment.month, moment.day) = (12, 31),
        _ => return Err(Stop::Null),
    }
    Ok(())
}

/// Units of `NNN units`: name, limit of NNN, seconds.
const UNITS: [(&[u8], f32, f32); 6] = [
    (b"second", 4.6427e14, 1.0),
    (b"minute", 7.7379e12, 60.0),
    (b"hour", 1.2897e11, 3600.0),
    (b"day", 5_373_485.0, 86400.0),
    (b"month", 176_546.0, 2_592_000.0),
    (b"year", 14713.0, 31_536_000.0),
];

/// `±NNN units`, `±HH:MM:SS` and `±YYYY-MM-DD HH:MM:SS`.
fn shift(moment: &mut Moment, text: &[u8]) -> Step {
    const YEAR4: Field = field(4, 0, 14712);
    const YEAR5: Field = field(5, 0, 14712);
    let at = |i: usize| text.get(i).copied().unwrap_or(0);
    let sign = text[0];
    let mut len = 1;
    while len < text.len() {
        let c = text[len];
        let is_year = c == b'-'
            && (len == 5 && read_fields(&text[1..], [YEAR4], 0).is_some()
                || len == 6 && read_fields(&text[1..], [YEAR5], 0).is_some());
        if c == b':' || number::is_space(c) || is_year {
            break;
        }
        len += 1;
    }
    let parsed = number::parse_real(&text[..len]);
    if parsed.extent != Numeric::Whole {
        return Err(Stop::Null);
    }
    let mut amount = parsed.value;
    // What stands from `time` on is a time when its third byte is a colon.
    let mut time = text;
    let mut colon_at = len;
    if at(len) == b'-' {
        if sign != b'+' && sign != b'-' {
            return Err(Stop::Null);
        }
        let (month, day) = (field(2, 0, 12), field(2, 0, 31));
        let year = if len == 5 { YEAR4 } else { YEAR5 };
        let [years, months, days] = read_fields(&text[1..], [year, month, day], b'-').ok_or(Stop::Null)?;
        if months >= 12 || days >= 31 {
            return Err(Stop::Null);
        }
        let direction = if sign == b'-' { -1 } else { 1 };
        moment.compute_date_and_time();
        moment.has_ms = false;
        moment.year += direction * years;
        moment.month += direction * months;
        moment.carry_months();
        moment.find_overflow();
        moment.compute_ms();
        moment.has_time = false;
        moment.has_date = false;
        moment.ms += i64::from(direction * days) * MS_PER_DAY;
        let rest = &text[len + 6..];
        if rest.is_empty() {
            return Ok(());
        }
        if !number::is_space(rest[0])
            || read_fields(&rest[1..], [field(2, 0, 24), field(2, 0, 59)], b':').is_none()
        {
            return Err(Stop::Null);
        }
        time = &rest[1..];
        colon_at = 2;
    }
    if time.get(colon_at) == Some(&b':') {
        if !time[0].is_ascii_digit() {
            time = &time[1..];
        }
        let mut given = Moment::default();
        given.read_time(time).ok_or(Stop::Null)?;
        given.compute_ms();
        given.ms -= HALF_DAY_MS;
        let within_day = given.ms % MS_PER_DAY;
        moment.compute_ms();
        moment.drop_date_and_time();
        moment.ms += if sign == b'-' { -within_day } else { within_day };
        return Ok(());
    }
    let unit = skip_spaces(&text[len..]).to_ascii_lowercase();
    if !(3..=10).contains(&unit.len()) {
        return Err(Stop::Null);
    }
    let unit = unit.strip_suffix(b"s").unwrap_or(&unit);
    moment.compute_ms();
    let rounder = if amount < 0.0 { -0.5 } else { 0.5 };
    moment.overflow_days = 0;
    let known = UNITS
        .iter()
        .find(|(name, limit, _)| *name == unit && amount > -f64::from(*limit) && amount < f64::from(*limit));
    let Some((name, _, seconds)) = known else {
        moment.drop_date_and_time();
        return Err(Stop::Null);
    };
    match *name {
        b"month" => {
            moment.compute_date_and_time();
            moment.month += amount as i32;
            moment.carry_months();
            moment.find_overflow();
            moment.has_ms = false;
            amount -= f64::from(amount as i32);
        }
        b"year" => {
            moment.compute_date_and_time();
            moment.year += amount as i32;
            moment.find_overflow();
            moment.has_ms = false;
            amount -= f64::from(amount as i32);
        }
        _ => {}
    }
    moment.compute_ms();
    moment.ms = moment.ms.wrapping_add((amount * 1000.0 * f64::from(*seconds) + rounder) as i64);
    moment.drop_date_and_time();
    Ok(())
}

fn with_moment(
    call: &mut Call<'_>,
    function: &'static str,
    skip: usize,
    answer: impl FnOnce(&mut Moment) -> Value,
) -> Answer {
    let reader = Reader { context: call.context, function };
    match reader.read(call.args.get(skip..).unwrap_or(&[])) {
        Ok(mut moment) => Ok(answer(&mut moment)),
        Err(Stop::Null) => Ok(Value::Null),
        Err(Stop::Error(error)) => Err(error),
    }
}

/// Room for the longest text of `date`, `time` and `datetime`.
const TEXT_LEN: usize = "-0000-00-00 00:00:00.000".len();

fn push_date(moment: &Moment, text: &mut Vec<u8>) {
    let (year, month, day) = (moment.year, moment.month, moment.day);
    if year < 0 {
        text.push(b'-');
    }
    let year = year.unsigned_abs() % 10000;
    let [a, b] = two_digits(year / 100);
    let [c, d] = two_digits(year % 100);
    let [e, f] = two_digits(month.unsigned_abs());
    let [g, h] = two_digits(day.unsigned_abs());
    text.extend_from_slice(&[a, b, c, d, b'-', e, f, b'-', g, h]);
}

/// Of a number below 100.
fn two_digits(number: u32) -> [u8; 2] {
    [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8]
}

/// Appends a number with zeros before it, as `printf`'s `%0<width>d` does: the width counts the sign.
fn push_padded(value: i32, width: usize, text: &mut Vec<u8>) {
    if let (0..100, 2) = (value, width) {
        text.extend_from_slice(&two_digits(value as u32));
        return;
    }
    let mut buffer = [0; 20];
    let digits = number::write_unsigned(u64::from(value.unsigned_abs()), &mut buffer);
    let sign_len = usize::from(value < 0);
    if value < 0 {
        text.push(b'-');
    }
    text.resize(text.len() + width.saturating_sub(digits.len() + sign_len), b'0');
    text.extend_from_slice(digits);
}

fn push_time(moment: &Moment, text: &mut Vec<u8>) {
    for part in [moment.hour, moment.minute] {
        push_padded(part, 2, text);
        text.push(b':');
    }
    if moment.shows_subseconds {
        let ms = (1000.0 * moment.second + 0.5) as i32;
        push_padded(ms / 1000 % 100, 2, text);
        text.push(b'.');
        push_padded(ms % 1000, 3, text);
    } else {
        push_padded(moment.second as i32, 2, text);
    }
}

/// As `with_moment`, of a text of at most `TEXT_LEN` bytes.
fn with_text(
    call: &mut Call<'_>,
    function: &'static str,
    push: impl FnOnce(&mut Moment, &mut Vec<u8>),
) -> Answer {
    let reader = Reader { context: call.context, function };
    match reader.read(call.args) {
        Ok(mut moment) => call.write_text(TEXT_LEN, |_, text| {
            push(&mut moment, text);
            Ok(())
        }),
        Err(Stop::Null) => Ok(Value::Null),
        Err(Stop::Error(error)) => Err(error),
    }
}

fn date(call: &mut Call<'_>) -> Answer {
    with_text(call, "date", |moment, text| {
        moment.compute_date();
        push_date(moment, text);
    })
}

fn time(call: &mut Call<'_>) -> Answer {
    with_text(call, "time", |moment, text| {
        moment.compute_time();
        push_time(moment, text);
    })
}

fn datetime(call: &mut Call<'_>) -> Answer {
    with_text(call, "datetime", |moment, text| {
        moment.compute_date_and_time();
        push_date(moment, text);
        text.push(b' ');
        push_time(moment, text);
    })
}

fn julianday(call: &mut Call<'_>) -> Answer {
    with_moment(call, "julianday", 0, |moment| Value::Real(moment.ms as f64 / MS_PER_DAY as f64))
}

fn unixepoch(call: &mut Call<'_>) -> Answer {
    with_moment(call, "unixepoch", 0, |moment| {
        if moment.shows_subseconds {
            Value::Real((moment.ms - UNIX_EPOCH_MS) as f64 / 1000.0)
        } else {
            Value::Integer(moment.ms / 1000 - UNIX_EPOCH_MS / 1000)
        }
    })
}

fn strftime(call: &mut Call<'_>) -> Answer {
    let Some(template) = call.text(0) else { return Ok(Value::Null) };
    let max_length = call.context.max_length();
    with_moment(call, "strftime", 1, |moment| {
        moment.compute_date_and_time();
        render(before_nul(&template), moment, max_length)
            .map_or(Value::Null, |text| Value::Text(Bytes::from(text)))
    })
}

impl Moment {
    fn days_after_january_first(&self) -> i64 {
        let mut first = Moment { has_ms: false, month: 1, day: 1, ..*self };
        first.compute_ms();
        (self.ms - first.ms + HALF_DAY_MS) / MS_PER_DAY
    }

    fn days_after_monday(&self) -> i64 {
        (self.ms + HALF_DAY_MS) / MS_PER_DAY % 7
    }

    fn days_after_sunday(&self) -> i64 {
        (self.ms + HALF_DAY_MS + MS_PER_DAY) / MS_PER_DAY % 7
    }

    /// The Thursday of the same ISO week, whose year is the week's year.
    fn thursday(&self) -> Moment {
        let mut thursday = Moment { has_date: false, ..*self };
        thursday.ms += (3 - self.days_after_monday()) * MS_PER_DAY;
        thursday.compute_date();
        thursday
    }
}

fn render(template: &[u8], moment: &Moment, max_length: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.iter().position(|&byte| byte == b'%') {
        out.extend_from_slice(&rest[..at]);
        let (&code, tail) = rest[at + 1..].split_first()?;
        rest = tail;
        let twelve = match moment.hour % 12 {
            0 => 12,
            hour => hour,
        };
        let mut padded = |value: i32, width: usize| push_padded(value, width, &mut out);
        match code {
            b'd' => padded(moment.day, 2),
            b'F' => {
                padded(moment.year, 4);
                out.push(b'-');
                push_padded(moment.month, 2, &mut out);
                out.push(b'-');
                push_padded(moment.day, 2, &mut out);
            }
            b'G' => padded(moment.thursday().year, 4),
            b'g' => padded(moment.thursday().year % 100, 2),
            b'H' => padded(moment.hour, 2),
            b'I' => padded(twelve, 2),
            b'j' => padded(moment.days_after_january_first() as i32 + 1, 3),
            b'm' => padded(moment.month, 2),
            b'M' => padded(moment.minute, 2),
            b'R' => {
                padded(moment.hour, 2);
                out.push(b':');
                push_padded(moment.minute, 2, &mut out);
            }
            b'S' => padded(moment.second as i32, 2),
            b'T' => {
                padded(moment.hour, 2);
                out.push(b':');
                push_padded(moment.minute, 2, &mut out);
                out.push(b':');
                push_padded(moment.second as i32, 2, &mut out);
            }
            b'u' => {
                let day = moment.days_after_sunday() as i32;
                padded(if day == 0 { 7 } else { day }, 1);
            }
            b'w' => padded(moment.days_after_sunday() as i32, 1),
            b'U' => {
                padded(((moment.days_after_january_first() - moment.days_after_sunday() + 7) / 7) as i32, 2);
            }
            b'V' => padded((moment.thursday().days_after_january_first() / 7 + 1) as i32, 2),
            b'W' => {
                padded(((moment.days_after_january_first() - moment.days_after_monday() + 7) / 7) as i32, 2);
            }
            b'Y' => padded(moment.year, 4),
            b'%' => out.push(b'%'),
            b'p' => out.extend_from_slice(if moment.hour >= 12 { b"PM" } else { b"AM" }),
            b'P' => out.extend_from_slice(if moment.hour >= 12 { b"pm" } else { b"am" }),
            code => out.extend_from_slice(rare_piece(code, moment, twelve)?.as_bytes()),
        }
    }
    out.extend_from_slice(rest);
    (out.len() <= max_length).then_some(out)
}

/// `printf`'s `%0<width>d`: the width counts the sign.
fn padded(value: i32, width: usize) -> String {
    format!("{value:0width$}")
}

fn rare_piece(code: u8, moment: &Moment, twelve: i32) -> Option<String> {
    Some(match code {
        b'e' => format!("{:2}", moment.day),
        b'f' => c_format("%06.3f", moment.second.min(59.999)),
        b'k' => format!("{:2}", moment.hour),
        b'l' => format!("{twelve:2}"),
        b'J' => c_format("%.16g", moment.ms as f64 / MS_PER_DAY as f64),
        b's' if moment.shows_subseconds => c_format("%.3f", (moment.ms - UNIX_EPOCH_MS) as f64 / 1000.0),
        b's' => (moment.ms / 1000 - UNIX_EPOCH_MS / 1000).to_string(),
        _ => return None,
    })
}

fn c_format(template: &str, real: f64) -> String {
    const ROOM: usize = 1000;
    let text = format::format(template.as_bytes(), &[ValueRef::Real(real)], ROOM);
    String::from_utf8(text.unwrap_or_default()).unwrap_or_default()
}

fn timediff(call: &mut Call<'_>) -> Answer {
    let reader = Reader { context: call.context, function: "timediff" };
    let mut moments = [Moment::default(); 2];
    for (moment, arg) in moments.iter_mut().zip(call.args) {
        match reader.read(std::slice::from_ref(arg)) {
            Ok(read) => *moment = read,
            Err(Stop::Null) => return Ok(Value::Null),
            Err(Stop::Error(error)) => return Err(error),
        }
        moment.compute_date_and_time();
    }
    let [mut to, mut from] = moments;
    // `from` walks to the year and month of `to`; what is left are days and time.
    let is_forward = to.ms >= from.ms;
    let direction = if is_forward { 1 } else { -1 };
    let mut years = direction * (to.year - from.year);
    if years != 0 {
        from.year = to.year;
        from.has_ms = false;
        from.compute_ms();
    }
    let mut months = direction * (to.month - from.month);
    if months < 0 {
        years -= 1;
        months += 12;
    }
    if months != 0 {
        from.month = to.month;
        from.has_ms = false;
        from.compute_ms();
    }
    while if is_forward { to.ms < from.ms } else { to.ms > from.ms } {
        months -= 1;
        if months < 0 {
            months = 11;
            years -= 1;
        }
        from.month -= direction;
        if from.month < 1 {
            from.month = 12;
            from.year -= 1;
        } else if from.month > 12 {
            from.month = 1;
            from.year += 1;
        }
        from.has_ms = false;
        from.compute_ms();
    }
    // 0000-01-01 plus the difference.
    const YEAR_0_MS: i64 = 148_699_540_800_000;
    to.ms = direction_of(is_forward, to.ms - from.ms) + YEAR_0_MS;
    to.drop_date_and_time();
    to.compute_date_and_time();
    Ok(Value::text(format!(
        "{}{}-{:02}-{:02} {:02}:{:02}:{}",
        if is_forward { '+' } else { '-' },
        padded(years, 4),
        months,
        to.day - 1,
        to.hour,
        to.minute,
        c_format("%06.3f", to.second)
    )))
}

fn direction_of(is_forward: bool, difference: i64) -> i64 {
    if is_forward { difference } else { -difference }
}

#[cfg(test)]
mod tests {
    use super::{LAST_MS, MS_PER_DAY, date_of, days_of_month};

    #[test]
    fn every_day_has_the_date_behind_the_one_before() {
        let (mut year, mut month, mut day) = (-4713, 11, 24);
        for days in 0..=(LAST_MS / MS_PER_DAY) as u32 + 1 {
            assert_eq!(date_of(days), (year, month, day));
            day += 1;
            if day > days_of_month(year, month) {
                (month, day) = (month + 1, 1);
            }
            if month > 12 {
                (year, month) = (year + 1, 1);
            }
        }
    }
}
