//! One unit a quantity, by the unit that came with each value.

/// Metres in a mile.
const MILE: f64 = 1609.344;
/// Kilometres in a mile.
const MILE_KM: f64 = 1.609_344;
/// Metres in a foot.
const FOOT: f64 = 0.3048;

/// What is measured, and with it the unit that our tables use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quantity {
    /// W
    Power,
    /// rpm
    Cadence,
    /// %
    Percent,
    /// bpm
    HeartRate,
    /// spm
    StrokeRate,
    /// kcal
    Energy,
    /// mph
    Speed,
    /// min/mile
    Pace,
    /// min/500 m
    SplitPace,
    /// m
    Length,
}

/// How a value gets into our unit. Values that are in it already stay bit for bit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Conversion {
    Keep,
    Multiply(f64),
    Divide(f64),
}

impl Conversion {
    pub(super) fn apply(self, value: f64) -> f64 {
        match self {
            Self::Keep => value,
            Self::Multiply(factor) => value * factor,
            Self::Divide(divisor) => value / divisor,
        }
    }
}

impl Quantity {
    /// The conversion from Peloton's `display_unit`; `None` for a unit that is not known. A missing
    /// unit is fine where only one exists, and not known where the account's preference decides.
    pub(super) fn conversion_from(self, unit: Option<&str>) -> Option<Conversion> {
        use Conversion::{Divide, Keep, Multiply};
        let unit = unit.map(|unit| unit.trim().to_ascii_lowercase());
        Some(match (self, unit.as_deref()) {
            (Self::Power, None | Some("watts" | "watt" | "w")) => Keep,
            (Self::Cadence, None | Some("rpm")) => Keep,
            (Self::Percent, None | Some("%")) => Keep,
            (Self::HeartRate, None | Some("bpm")) => Keep,
            (Self::StrokeRate, None | Some("spm")) => Keep,
            (Self::Energy, None | Some("kcal")) => Keep,
            (Self::SplitPace, None | Some("min/500m")) => Keep,
            (Self::Speed, Some("mph")) => Keep,
            (Self::Speed, Some("kph" | "km/h")) => Divide(MILE_KM),
            (Self::Pace, Some("min/mi")) => Keep,
            (Self::Pace, Some("min/km")) => Multiply(MILE_KM),
            (Self::Length, Some("m")) => Keep,
            (Self::Length, Some("km")) => Multiply(1000.0),
            (Self::Length, Some("mi")) => Multiply(MILE),
            (Self::Length, Some("ft")) => Multiply(FOOT),
            _ => return None,
        })
    }
}

/// Miles without a unit, as list rows give distances, in metres.
pub(super) fn miles_to_metres(miles: f64) -> f64 {
    miles * MILE
}

#[cfg(test)]
mod tests {
    use super::Quantity::{self, Length, Pace, Power, Speed};

    fn check(quantity: Quantity, unit: Option<&str>, value: f64, expected: Option<f64>) {
        let got = quantity
            .conversion_from(unit)
            .map(|conversion| conversion.apply(value));
        assert_eq!(
            got.map(f64::to_bits),
            expected.map(f64::to_bits),
            "{quantity:?} {unit:?} {got:?}"
        );
    }

    #[test]
    fn values_in_our_unit_stay_bit_for_bit() {
        check(Speed, Some("mph"), 17.3, Some(17.3));
        check(Pace, Some("min/mi"), 14.63, Some(14.63));
        check(Length, Some("m"), 2341.47, Some(2341.47));
    }

    #[test]
    fn metric_accounts_are_converted_by_the_exact_mile() {
        check(Speed, Some("kph"), 1.609_344, Some(1.0));
        check(Pace, Some("min/km"), 1.0, Some(1.609_344));
        check(Length, Some("km"), 14.61, Some(14_610.0));
        check(Length, Some("mi"), 1.0, Some(1609.344));
        check(Length, Some("ft"), 10.0, Some(10.0 * 0.3048));
    }

    #[test]
    fn a_unit_is_never_guessed() {
        check(Speed, None, 17.3, None);
        check(Speed, Some("knots"), 17.3, None);
        check(Length, Some("min"), 1.0, None);
        check(Power, Some("kw"), 1.0, None);
        check(Power, None, 100.0, Some(100.0));
    }
}
