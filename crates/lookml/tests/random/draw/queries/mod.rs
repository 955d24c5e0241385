//! Queries over a world.

mod fields;

use std::collections::{BTreeMap, BTreeSet};

use crate::chance::Chance;
use crate::draw::dates::{bounded_term, date_term};
use crate::draw::filters::{filter_for, filter_of_type, numbers};
use crate::draw::queries::fields::Features;
use crate::evaluate::Scope;
use crate::evaluate::dates::Clock;
use crate::evaluate::filter_type;
use crate::model::field::{
    Dimension, DimensionKind, FilterType, Frame, Measure, MeasureKind, ParameterType,
};
use crate::model::filter::{Filter, TextKind, TextTerm};
use crate::model::query::{Query, Sort};
use crate::model::{Explore, Source, View, World};

const ZONES: [&str; 9] = [
    "UTC",
    "America/New_York",
    "America/Los_Angeles",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Pacific/Auckland",
    "America/Santiago",
    "Africa/Cairo",
];

struct Draft<'a> {
    world: &'a World,
    explore: &'a Explore,
    query: Query,
    clock: Clock,
    /// The fields that may be asked for.
    known: BTreeSet<String>,
    /// Whether it asks for fields that are unknown to whoever asks.
    is_bold: bool,
    features: BTreeMap<String, Features>,
    chance: &'a mut Chance,
}

pub(crate) fn query(world: &World, chance: &mut Chance) -> Query {
    let name = if chance.percent(90) { "e0" } else { "e1" };
    let mut query = Query::new(name, Vec::new());
    if chance.percent(55) {
        query.timezone = Some(chance.pick(&ZONES).to_owned());
    }
    let scope = Scope::new(world, &query);
    let (clock, known) = (scope.clock.clone(), scope.known_fields());
    let explore = world.model.explore(name);
    let mut draft = Draft {
        world,
        explore,
        query,
        clock,
        known,
        is_bold: chance.percent(6),
        features: BTreeMap::new(),
        chance,
    };
    draft.fields();
    draft.pivots();
    draft.filters();
    draft.sorts();
    draft.limits();
    draft.fill();
    draft.old_names();
    draft.query
}

/// Those that are worth a pivot: few values, no fractions, no fields that come with others.
fn can_pivot(dimension: &Dimension) -> bool {
    let few = match &dimension.kind {
        DimensionKind::Number(_) => matches!(dimension.name.as_str(), "score" | "letters"),
        // A column of the text "null" and one of NULL have the same key.
        DimensionKind::Text(_) => dimension.name != "lower",
        DimensionKind::Time(frame, _) => *frame != Frame::Raw,
        DimensionKind::Location(..) => false,
        _ => true,
    };
    few && dimension.required.is_empty() && dimension.order_by.is_none()
}

fn is_fillable(dimension: &Dimension) -> bool {
    match &dimension.kind {
        DimensionKind::YesNo(_) | DimensionKind::Tier(_) | DimensionKind::Case(_) => true,
        DimensionKind::Time(frame, _) => !matches!(
            frame,
            Frame::Raw
                | Frame::Time
                | Frame::Second
                | Frame::Minute(_)
                | Frame::Hour(2..)
                | Frame::TimeOfDay
        ),
        _ => false,
    }
}

impl<'a> Draft<'a> {
    fn view(&self, alias: &str) -> &'a View {
        self.world
            .model
            .view(self.explore.view_of(alias).expect("an alias"))
    }

    fn find_dimension(&self, full: &str) -> Option<Dimension> {
        let (alias, name) = full.split_once('.')?;
        self.view(alias).dimension(name)
    }

    fn find_measure(&self, full: &str) -> Option<&'a Measure> {
        let (alias, name) = full.split_once('.')?;
        self.view(alias).measure(name)
    }

    fn selected(&self, is: impl Fn(&str) -> bool) -> Vec<String> {
        self.query
            .fields
            .iter()
            .filter(|field| is(field))
            .cloned()
            .collect()
    }

    fn pivots(&mut self) {
        let measures = self.selected(|field| self.find_measure(field).is_some());
        let pivots = self.selected(|field| {
            self.find_dimension(field)
                .is_some_and(|dimension| can_pivot(&dimension))
        });
        if measures.is_empty() || pivots.is_empty() || self.chance.percent(50) {
            return;
        }
        let count = if self.chance.percent(50) { 2 } else { 1 };
        self.query.pivots = self.chance.some(&pivots, count);
    }

    fn filters(&mut self) {
        let count = self.chance.pick(&[0, 0, 1, 1, 2, 3]);
        for _ in 0..count {
            let (alias, dimension) = self.filter_dimension();
            let full = format!("{alias}.{}", dimension.name);
            let filter = match self.chance.percent(8) {
                true => Filter::Any(self.chance.pick(&["", " "])),
                false => filter_for(&dimension, &self.clock, self.chance, false),
            };
            self.filter(full, filter);
        }
        if self.chance.percent(18) {
            self.measure_filter();
        }
        if self.explore.base == crate::draw::explores::BASE || self.explore.name == "e0" {
            self.liquid();
        }
        self.templated();
    }

    fn filter(&mut self, field: String, filter: Filter) {
        if self.is_open(&field) && !self.query.filters.iter().any(|(known, _)| *known == field) {
            self.query.filters.push((field, filter));
        }
    }

    /// What takes all filters of its own explore must not be filtered itself.
    fn takes_all(&self, alias: &str) -> bool {
        matches!(&self.view(alias).source, Source::Native(native) if native.bind_all)
    }

    /// Whether a bound filter takes the place of a fixed one: nothing says what it does without a value.
    fn replaces_filter(&self) -> bool {
        self.world
            .model
            .views
            .iter()
            .any(|view| match &view.source {
                Source::Native(native) => native
                    .bind
                    .iter()
                    .any(|(_, to)| native.filters.iter().any(|(field, _)| field == to)),
                _ => false,
            })
    }

    fn binds_all(&self) -> bool {
        self.explore
            .aliases()
            .iter()
            .any(|(alias, _)| self.takes_all(alias))
    }

    fn filter_dimension(&mut self) -> (String, Dimension) {
        loop {
            let (alias, dimension) = self.dimension();
            let reads = self.binds_all() && dimension.name.starts_with("with_");
            let is_location = matches!(dimension.kind, DimensionKind::Location(..));
            if !self.takes_all(&alias) && !reads && (!is_location || self.chance.percent(10)) {
                return (alias, dimension);
            }
        }
    }

    fn measure_filter(&mut self) {
        let alias = self.alias();
        let measure = self.chance.one(&self.view(&alias).measures);
        let is_foreign = measure.name.starts_with("per_");
        if self.takes_all(&alias) || self.binds_all() && is_foreign {
            return;
        }
        let filter = match &measure.kind {
            MeasureKind::YesNo(_) => {
                filter_of_type(FilterType::YesNo, &self.clock, self.chance, false)
            }
            MeasureKind::Text(_) => {
                filter_of_type(FilterType::Text, &self.clock, self.chance, false)
            }
            MeasureKind::Time(..) | MeasureKind::List(_) => return,
            _ if measure.post_query_of().is_some() => return,
            _ => Filter::Number(numbers(0, 6, self.chance)),
        };
        self.filter(format!("{alias}.{}", measure.name), filter);
    }

    /// Values for parameters and filter fields of the base.
    fn liquid(&mut self) {
        let base = self.explore.base.clone();
        let view = self.view(&base);
        for parameter in &view.parameters {
            if !self.chance.percent(15) {
                continue;
            }
            let value = match parameter.kind {
                ParameterType::Unquoted => self.chance.one(&parameter.allowed).clone(),
                ParameterType::Text => self.chance.pick(&["it's", "word", "a b"]).to_owned(),
                ParameterType::Number => self.chance.pick(&["0", "-1", "7.5"]).to_owned(),
                ParameterType::YesNo => self.chance.pick(&["yes", "no"]).to_owned(),
            };
            self.filter(
                format!("{base}.{}", parameter.name),
                Filter::Parameter(value),
            );
        }
        for field in &view.filters {
            let is_needed = field.name == "window" && self.replaces_filter();
            if !is_needed && !self.chance.percent(20) {
                continue;
            }
            let filter = match field.kind {
                FilterType::Date => Filter::Date(vec![date_term(&self.clock, self.chance)]),
                kind => filter_of_type(kind, &self.clock, self.chance, false),
            };
            self.filter(format!("{base}.{}", field.name), filter);
        }
    }

    /// Values for the filters inside derived tables that are asked for anyway: whether such a filter alone makes its
    /// view take part is open, so none is handed on to another query.
    fn templated(&mut self) {
        if self.binds_all() {
            return;
        }
        for (alias, view) in self.explore.aliases() {
            let prefix = format!("{alias}.");
            let is_used = self
                .query
                .fields
                .iter()
                .any(|field| field.starts_with(&prefix));
            // Inside its SQL the filter has the view's own name.
            if view != alias || !is_used || !self.chance.percent(60) {
                continue;
            }
            for field in self
                .view(alias)
                .filters
                .iter()
                .filter(|field| field.name == "only")
            {
                let filter = filter_of_type(field.kind, &self.clock, self.chance, false);
                self.filter(format!("{alias}.only"), filter);
            }
        }
    }

    fn sorts(&mut self) {
        if self.chance.percent(40) {
            return;
        }
        let can_sort = |field: &str| match self.find_measure(field) {
            Some(measure) => {
                measure.post_query_of().is_none() && !matches!(measure.kind, MeasureKind::List(_))
            }
            // The second pivot alone would leave open which one comes first.
            None => !self.query.pivots.iter().skip(1).any(|pivot| pivot == field),
        };
        let fields = self.selected(can_sort);
        let count = 1 + self.chance.below(2);
        for field in self.chance.some(&fields, count) {
            let is_measure = self.find_measure(&field).is_some();
            let by_column = is_measure && !self.query.pivots.is_empty() && self.chance.percent(40);
            let column = by_column.then(|| self.chance.below(3));
            self.query.sorts.push(Sort {
                field,
                descending: self.chance.percent(60),
                column,
            });
        }
        if self.chance.percent(10) {
            let field = format!("{}.id", self.explore.base);
            if !self.query.has_field(&field) {
                self.query.sorts.push(Sort {
                    field,
                    descending: true,
                    column: None,
                });
            }
        }
    }

    fn limits(&mut self) {
        let chance = &mut *self.chance;
        self.query.limit = match chance.below(10) {
            0..3 => Some(chance.between(1, 3)),
            3 => Some(-1),
            4 => Some(100),
            _ => None,
        };
        let has_pivots = !self.query.pivots.is_empty();
        if has_pivots && chance.percent(60) {
            self.query.column_limit = Some(1 + chance.below(2));
        }
        self.query.total = chance.percent(30);
        self.query.row_total = has_pivots && chance.percent(35);
    }

    /// Fills the one row dimension: the order goes by it, and at most one filter bounds it.
    fn fill(&mut self) {
        let rows = self
            .selected(|field| self.find_dimension(field).is_some() && !self.query.is_pivot(field));
        let [field] = rows.as_slice() else {
            return;
        };
        let dimension = self.find_dimension(field).expect("a dimension");
        if !is_fillable(&dimension) || self.chance.percent(40) {
            return;
        }
        self.query.fill = vec![field.clone()];
        let pivots = self.query.pivots.clone();
        self.query.sorts.retain(|sort| pivots.contains(&sort.field));
        let descending = self.chance.percent(40);
        self.query.sorts.insert(
            0,
            Sort {
                field: field.clone(),
                descending,
                column: None,
            },
        );
        self.query.limit = self.query.limit.filter(|limit| !(0..50).contains(limit));
        if filter_type(&dimension) == FilterType::Date && self.chance.percent(60) {
            self.query.filters.retain(|(known, _)| known != field);
            let term = bounded_term(&self.clock, self.chance);
            self.query
                .filters
                .push((field.clone(), Filter::Date(vec![term])));
        }
        if self.chance.percent(10) {
            self.query.filters.retain(|(known, _)| known != field);
            if filter_type(&dimension) == FilterType::Text {
                let term = TextTerm {
                    negated: true,
                    kind: TextKind::Null,
                };
                self.query
                    .filters
                    .push((field.clone(), Filter::Text(vec![term])));
            }
        }
    }
}
