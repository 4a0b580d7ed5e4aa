//! The logarithm of the gamma function, which the standard library does not have yet.

/// Where the asymptotic series is good to the last digits.
const FAR: f64 = 12.0;

/// Computes ln Γ(x) for x above 0, to about 14 digits; infinite otherwise.
///
/// Stirling's series, after the argument was raised by Γ(x) = Γ(x + 1) / x until the series converges (Abramowitz and
/// Stegun 6.1.15 and 6.1.41).
pub(super) fn ln_gamma(x: f64) -> f64 {
    if x <= 0.0 {
        return f64::INFINITY;
    }
    let (mut raised, mut product) = (x, 1.0);
    while raised < FAR {
        product *= raised;
        raised += 1.0;
    }
    let inverse = 1.0 / raised;
    let square = inverse * inverse;
    let series = inverse
        * (1.0 / 12.0
            - square * (1.0 / 360.0 - square * (1.0 / 1260.0 - square * (1.0 / 1680.0 - square / 1188.0))));
    let half_ln_two_pi = 0.5 * std::f64::consts::TAU.ln();
    (raised - 0.5) * raised.ln() - raised + half_ln_two_pi + series - f64::ln(product)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn factorials_and_a_half_are_known() {
        let mut factorial = 0.0_f64;
        for n in 1..200_u32 {
            assert!(
                (ln_gamma(f64::from(n)) - factorial).abs() < 1e-12 * (1.0 + factorial),
                "{n}"
            );
            factorial += f64::from(n).ln();
        }
        assert!((ln_gamma(0.5) - 0.5 * std::f64::consts::PI.ln()).abs() < 1e-13);
        assert!((ln_gamma(1e-3) - 6.907_178_885_383_854).abs() < 1e-12);
    }

    #[test]
    fn there_is_no_gamma_at_nothing() {
        assert!(ln_gamma(0.0).is_infinite());
    }
}
