//! Which fields a query asks for.

use std::collections::BTreeMap;

use crate::draw::liquid::ASKING;
use crate::draw::queries::Draft;
use crate::features::{self, liquid_features, measure_features, plain_features};
use crate::model::field::Dimension;
use crate::model::{Source, View};

/// Fields by what they have to do with.
type Tagged = BTreeMap<&'static str, Vec<String>>;

/// The fields of a view by the features that they have, so that the rare ones are drawn as often as the others.
#[derive(Debug, Default)]
pub(super) struct Features {
    dimensions: Tagged,
    liquid: Tagged,
    measures: Tagged,
}

impl Features {
    fn of(view: &View) -> Features {
        let mut features = Features::default();
        for dimension in view.all_dimensions() {
            add(
                &mut features.dimensions,
                plain_features(&dimension),
                &dimension.name,
            );
            add(
                &mut features.liquid,
                liquid_features(&dimension),
                &dimension.name,
            );
        }
        for measure in &view.measures {
            add(
                &mut features.measures,
                measure_features(measure),
                &measure.name,
            );
        }
        features
    }
}

fn add(tagged: &mut Tagged, tags: features::Features, name: &str) {
    for tag in tags {
        tagged.entry(tag).or_default().push(name.to_owned());
    }
}

impl Draft<'_> {
    /// An alias, the base most often.
    pub(super) fn alias(&mut self) -> String {
        let aliases = self.explore.aliases();
        let is_rare = |alias: &&(&str, &str)| {
            let source = &self.world.model.view(alias.1).source;
            matches!(
                source,
                Source::Native(_)
                    | Source::Copy { .. }
                    | Source::Grouped { .. }
                    | Source::Elements { .. }
            )
        };
        let rare: Vec<&(&str, &str)> = aliases.iter().filter(is_rare).collect();
        if !rare.is_empty() && self.chance.percent(25) {
            return self.chance.one(&rare).0.to_owned();
        }
        let place = match self.chance.percent(35) {
            true => 0,
            false => self.chance.below(aliases.len()),
        };
        aliases[place].0.to_owned()
    }

    fn features(&mut self, alias: &str) -> &Features {
        let view = self.view(alias);
        let features = self.features.entry(alias.to_owned());
        features.or_insert_with(|| Features::of(view))
    }

    /// A group counts as one dimension, whatever the number of its parts.
    pub(super) fn dimension(&mut self) -> (String, Dimension) {
        loop {
            if self.chance.percent(75)
                && let Some(found) = self.rare_dimension()
            {
                return found;
            }
            let alias = self.alias();
            let view = self.view(&alias);
            let own = view.dimensions.len();
            let at = self
                .chance
                .below(own + 2 * view.times.len() + view.durations.len());
            let found = match at.checked_sub(own) {
                None => view.dimensions[at].clone(),
                Some(at) if at < 2 * view.times.len() => {
                    self.chance.one(&view.times[at / 2].parts()).clone()
                }
                Some(at) => {
                    let group = &view.durations[at - 2 * view.times.len()];
                    self.chance.one(&group.parts()).clone()
                }
            };
            let full = format!("{alias}.{}", found.name);
            if self.is_open(&full) && !self.query.has_field(&full) {
                return (alias, found);
            }
        }
    }

    /// A dimension that has a feature, each feature as often as the others. Liquid is the base's.
    fn rare_dimension(&mut self) -> Option<(String, Dimension)> {
        let is_liquid = self.chance.percent(40);
        let alias = match is_liquid {
            true => self.explore.base.clone(),
            false => self.alias(),
        };
        let features = self.features(&alias);
        let tagged = match is_liquid {
            true => features.liquid.clone(),
            false => features.dimensions.clone(),
        };
        let full = self.tagged(&alias, &tagged)?;
        Some((alias, self.find_dimension(&full)?))
    }

    /// One of the fields that may be asked for and are not yet.
    fn tagged(&mut self, alias: &str, tagged: &Tagged) -> Option<String> {
        let lists: Vec<&Vec<String>> = tagged.values().collect();
        let names = self.chance.pick(&lists);
        let full = format!("{alias}.{}", self.chance.one(names));
        (self.is_open(&full) && !self.query.has_field(&full)).then_some(full)
    }

    fn measure(&mut self) -> Option<String> {
        let alias = self.alias();
        let view = self.view(&alias);
        if self.chance.percent(60) {
            let tagged = self.features(&alias).measures.clone();
            return self.tagged(&alias, &tagged);
        }
        let measure = self.chance.one(&view.measures);
        let full = format!("{alias}.{}", measure.name);
        (self.is_open(&full) && !self.query.has_field(&full)).then_some(full)
    }

    /// Whether a field may be asked for: `e1` lacks the joins that some fields of its base read.
    pub(super) fn is_open(&self, full: &str) -> bool {
        let name = full.split_once('.').expect("a full name").1;
        let reads_joins = name.starts_with("per_") || name.starts_with("with_");
        let is_odd = self.explore.name == "e1" && (reads_joins || ASKING.contains(&name));
        // Of an alias of the base too: what is read there is the base's.
        let is_other = reads_joins && !full.starts_with(&format!("{}.", self.explore.base));
        !is_odd && !is_other && (self.is_bold || self.known.contains(full))
    }

    /// Calls fields as they were called once, here and there.
    pub(super) fn old_names(&mut self) {
        let mut parts = vec!["fields", "pivots", "fill_fields", "filters", "sorts"];
        let filtered = self.query.filters.iter().map(|(field, _)| field);
        let sorted = self.query.sorts.iter().map(|sort| &sort.field);
        for field in self.query.fields.iter().chain(filtered).chain(sorted) {
            let old = match (self.find_dimension(field), self.find_measure(field)) {
                (Some(dimension), _) => dimension.old_name,
                (None, measure) => measure.and_then(|measure| measure.old_name.clone()),
            };
            let (alias, _) = field.split_once('.').expect("a full name");
            let old = old.map(|old| (field.clone(), format!("{alias}.{old}")));
            self.query.old_names.extend(old);
        }
        if self.chance.percent(60) {
            parts = self.chance.some(&parts, 2);
        }
        self.query.old_parts = parts;
    }

    pub(super) fn fields(&mut self) {
        let dimensions = self.chance.pick(&[0, 1, 1, 2, 2, 2, 3, 3, 4]);
        let measures = self.chance.pick(&[0, 1, 1, 2, 2, 3]);
        let (mut dimensions, mut measures) = (dimensions, measures);
        if let Some(field) = self.explore.cancel_grouping.first()
            && self.chance.percent(40)
        {
            self.query.fields.push(field.clone());
            (dimensions, measures) = (self.chance.below(4), 0);
        }
        for _ in 0..dimensions.max(usize::from(measures == 0)) {
            let (alias, dimension) = self.dimension();
            self.query
                .fields
                .push(format!("{alias}.{}", dimension.name));
        }
        for _ in 0..measures {
            let measure = self.measure();
            self.query.fields.extend(measure);
        }
        self.chance.shuffle(&mut self.query.fields);
        if self.query.fields.is_empty() {
            self.query
                .fields
                .push(format!("{}.count", self.explore.base));
        }
    }
}
