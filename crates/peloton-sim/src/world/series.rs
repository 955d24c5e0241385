//! The seconds of a workout, with plausible physiology.

use super::classes::{Classes, Part};
use super::members::{Kind, Member, Spec, whole};
use super::random::Random;

/// Values by second; all lists are as long as the axis.
#[derive(Debug, Default)]
pub(crate) struct Series {
    pub(crate) axis: Vec<i64>,
    pub(crate) output: Vec<i64>,
    pub(crate) cadence: Vec<i64>,
    pub(crate) resistance: Vec<i64>,
    /// mph
    pub(crate) speed: Vec<f64>,
    /// 0 where the strap had no contact.
    pub(crate) heart_rate: Vec<i64>,
    /// min/mi; None when standing.
    pub(crate) pace: Vec<Option<f64>>,
    pub(crate) incline: Vec<f64>,
    /// ft
    pub(crate) altitude: Vec<f64>,
    pub(crate) stroke_rate: Vec<i64>,
    /// min/500m
    pub(crate) split_pace: Vec<Option<f64>>,
}

impl Series {
    pub(crate) fn new(spec: &Spec, member: &Member, classes: &Classes) -> Self {
        let mut random = Random::new(spec.seed, "series", 0);
        let mut series = Self {
            axis: axis(spec, &mut random),
            ..Self::default()
        };
        let parts = spec.class.map_or(&[][..], |at| &classes.classes[at].parts);
        let efforts = series.efforts(spec, parts, &mut random);
        match spec.kind {
            kind if kind.pedals() => series.ride(spec, &efforts, parts, &mut random),
            Kind::RowBootcamp => series.row(spec, &efforts, parts, &mut random),
            Kind::TreadRun | Kind::TreadWalk => series.tread(spec, &efforts, &mut random),
            Kind::OutdoorRun => series.outdoor(&efforts, &mut random),
            Kind::Row => series.row(spec, &efforts, &[], &mut random),
            _ => {}
        }
        if spec.has_heart_rate
            && !series.axis.is_empty()
            && spec.kind != Kind::JustCardio
            && spec.kind != Kind::Meditation
        {
            series.heart(spec, member, &efforts, &mut random);
        }
        series
    }

    pub(crate) fn work_j(&self) -> i64 {
        self.output.iter().sum()
    }

    /// Share of FTP by sample: what the class asks for, followed more or less.
    fn efforts(&self, spec: &Spec, parts: &[Part], random: &mut Random) -> Vec<f64> {
        const ZONE_MIDDLE: [f64; 8] = [0.0, 0.48, 0.65, 0.82, 0.97, 1.12, 1.32, 1.6];
        let follows = random.range(0.9, 1.06);
        let base = random.range(0.55, 0.8);
        let mut effort = 0.4;
        self.axis
            .iter()
            .map(|second| {
                let part = parts.iter().rfind(|part| part.start <= *second);
                let wanted = match part {
                    Some(part) => ZONE_MIDDLE[part.zone],
                    None => base + 0.15 * angle(*second, 240.0).sin(),
                };
                let ease = if spec.kind.pedals() { 1.0 } else { 0.85 };
                effort += (wanted * follows * ease - effort) / 6.0;
                (effort + random.bell(0.05)).max(0.05)
            })
            .collect()
    }

    fn ride(&mut self, spec: &Spec, efforts: &[f64], parts: &[Part], random: &mut Random) {
        let mut coasting = 0;
        for (at, effort) in efforts.iter().enumerate() {
            if coasting == 0 && random.chance(0.0015) {
                coasting = random.whole(3, 12);
            }
            coasting = (coasting - 1).max(0);
            #[expect(clippy::cast_precision_loss, reason = "watts")]
            let power = if coasting > 0 {
                0.0
            } else {
                effort * spec.ftp as f64
            };
            let part = parts.iter().rfind(|part| part.start <= self.axis[at]);
            let middle = part.map_or(84, |part| i64::midpoint(part.cadence.0, part.cadence.1));
            self.output.push(whole(power));
            self.cadence.push(if coasting > 0 {
                0
            } else {
                middle + random.whole(-4, 4)
            });
            self.resistance
                .push((28 + whole(effort * 20.0) + random.whole(-1, 1)).clamp(0, 100));
            self.speed
                .push(tenth((power.max(0.0) * 40.0).cbrt() * 1.05));
        }
    }

    fn tread(&mut self, spec: &Spec, efforts: &[f64], random: &mut Random) {
        let is_walk = spec.kind == Kind::TreadWalk;
        for effort in efforts {
            let stands = random.chance(0.004);
            let mph = if is_walk {
                2.5 + effort * 1.4
            } else {
                4.0 + effort * 4.0
            };
            // Now and then the belt still turns where the pace is unknown, or crawls.
            let mph = match () {
                () if stands && random.chance(0.15) => 0.4,
                () if stands => 0.0,
                () if random.chance(0.0005) => 1.0,
                () => tenth(mph),
            };
            self.speed.push(mph);
            self.pace.push((!stands).then(|| hundredth(60.0 / mph)));
            self.incline.push(tenth((effort * 3.0).max(0.0)));
            self.output.push(whole(mph * 28.0));
        }
    }

    fn outdoor(&mut self, efforts: &[f64], random: &mut Random) {
        let mut feet = random.range(100.0, 900.0);
        for effort in efforts {
            let mph = 4.5 + effort * 3.0;
            let stands = random.chance(0.003);
            feet += random.bell(0.6);
            self.speed.push(if stands { 0.0 } else { tenth(mph) });
            self.pace.push((!stands).then(|| hundredth(60.0 / mph)));
            self.altitude.push(tenth(feet));
        }
    }

    /// Every other of the parts is on the floor, where nothing is rowed.
    fn row(&mut self, spec: &Spec, efforts: &[f64], parts: &[Part], random: &mut Random) {
        for (at, effort) in efforts.iter().enumerate() {
            let part = parts.iter().rposition(|part| part.start <= self.axis[at]);
            if part.is_some_and(|part| part % 2 == 1) {
                self.output.push(0);
                self.stroke_rate.push(0);
                self.split_pace.push(None);
                continue;
            }
            #[expect(clippy::cast_precision_loss, reason = "watts")]
            let power = (effort * 0.7 * spec.ftp as f64).max(20.0);
            self.output.push(whole(power));
            self.stroke_rate
                .push(20 + whole(effort * 8.0) + random.whole(-1, 1));
            // The rower's law: watts = 2.8 / (s/m)^3.
            self.split_pace
                .push(Some(hundredth((2.8 / power).cbrt() * 500.0 / 60.0)));
        }
    }

    /// The heart lags behind the effort, drifts upwards, and now and then the strap loses it.
    fn heart(&mut self, spec: &Spec, member: &Member, efforts: &[f64], random: &mut Random) {
        #[expect(clippy::cast_precision_loss, reason = "beats")]
        let (rest, reserve) = (
            member.rest_heart_rate as f64,
            (member.max_heart_rate - member.rest_heart_rate) as f64,
        );
        let mut beats = rest + 20.0;
        let mut lost = if random.chance(0.2) {
            random.whole(5, 60)
        } else {
            0
        };
        if spec.number % 29 == 11 {
            // The strap was put on late.
            lost = i64::try_from(efforts.len() * 9 / 40).unwrap_or(0);
        }
        for (second, effort) in self.axis.iter().zip(efforts) {
            #[expect(clippy::cast_precision_loss, reason = "seconds")]
            let drift = *second as f64 / 3600.0 * 0.05;
            let wanted = rest + reserve * (0.25 + 0.58 * effort.min(1.25) + drift).min(0.99);
            beats += (wanted - beats) / 35.0;
            if lost == 0 && random.chance(0.0006) {
                lost = random.whole(4, 90);
            }
            self.heart_rate.push(if lost > 0 {
                0
            } else {
                whole(beats + random.bell(1.0))
            });
            lost = (lost - 1).max(0);
        }
    }
}

/// Where the samples lie: devices start late, lose some, and members pause.
fn axis(spec: &Spec, random: &mut Random) -> Vec<i64> {
    let mut second = *random.pick(&[1, 1, 1, 1, 0, 2, 7]);
    let has_gaps = random.chance(0.5);
    let pauses = if random.chance(0.08) {
        random.whole(1, 2)
    } else {
        0
    };
    let pause_at: Vec<i64> = (0..pauses)
        .map(|_| random.whole(60, spec.length.max(61)))
        .collect();
    let mut axis = Vec::with_capacity(usize::try_from(spec.length).unwrap_or(0));
    while second <= spec.length {
        axis.push(second);
        second += if pause_at.contains(&second) {
            random.whole(20, 90)
        } else if has_gaps && random.chance(0.004) {
            *random.pick(&[2, 2, 2, 3, 5, 14])
        } else {
            1
        };
    }
    axis
}

#[expect(clippy::cast_precision_loss, reason = "seconds")]
fn angle(second: i64, period: f64) -> f64 {
    second as f64 / period * std::f64::consts::TAU
}

pub(super) fn tenth(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

pub(super) fn hundredth(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}
