//! A world: tables, the views over them, the explores that join these.

mod derived;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::chance::Chance;
use crate::draw::access;
use crate::draw::dimensions::fill_dimensions;
use crate::draw::measures::fill_measures;
use crate::draw::tables::{ForeignKey, KeyType, Plan, table};
use crate::evaluate::dates::Clock;
use crate::model::expression::{Expr, FieldName, Op};
use crate::model::field::{Dimension, DimensionKind, FilterField, FilterType};
use crate::model::{
    Explore, Join, JoinKind, JoinWriting, Model, Relationship, Source, View, World,
};

/// What is drawn so far.
pub(super) struct Draft<'a> {
    pub(super) plans: Vec<Plan>,
    pub(super) views: Vec<View>,
    pub(super) explore: Explore,
    pub(super) clock: Clock,
    pub(super) chance: &'a mut Chance,
}

pub(crate) const BASE: &str = "v0";

pub(crate) fn world(chance: &mut Chance) -> World {
    let now = Timestamp::from_second(chance.between(1_690_000_000, 1_830_000_000)).unwrap();
    let zone = chance.pick(&["UTC", "UTC", "UTC", "UTC", "UTC", "UTC", "Asia/Kolkata"]);
    let database_zone = TimeZone::get(zone).unwrap();
    let clock = Clock {
        now,
        query_zone: database_zone.clone(),
        database_zone: database_zone.clone(),
        week_start: chance.pick(&[1, 1, 1, 0, 6, 3]),
        fiscal_offset: chance.pick(&[0, 0, 3, -2, 1, -11, 6]),
    };
    let mut draft = Draft {
        plans: Vec::new(),
        views: Vec::new(),
        explore: explore("e0", chance),
        clock,
        chance,
    };
    draft.draw();
    let Draft {
        plans,
        views,
        explore,
        clock,
        chance,
    } = draft;
    let tables = plans.iter().map(|plan| table(plan, now, chance)).collect();
    let source = Explore {
        name: "e1".into(),
        ..plain_explore(&views[0].name, BASE)
    };
    let mut model = Model {
        views,
        explores: vec![explore, source],
        grants: access::grants(),
        week_start: clock.week_start,
        fiscal_offset: clock.fiscal_offset,
        case_sensitive: chance.percent(85),
        writing: chance.next(),
    };
    access::cover(&mut model, chance);
    let attributes = access::attributes(chance);
    World {
        model,
        tables,
        now,
        database_zone,
        attributes,
    }
}

fn plain_explore(view: &str, base: &str) -> Explore {
    Explore {
        name: String::new(),
        base: base.to_owned(),
        view: view.to_owned(),
        joins: Vec::new(),
        always_join: Vec::new(),
        always_where: None,
        always_having: None,
        always_filter: Vec::new(),
        conditional: None,
        access: None,
        fields: None,
        grants: Vec::new(),
        symmetric: true,
        cancel_grouping: Vec::new(),
        case_sensitive: None,
    }
}

fn explore(name: &str, chance: &mut Chance) -> Explore {
    let base = if chance.percent(20) { "b" } else { BASE };
    let case_sensitive = match chance.below(12) {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    };
    let symmetric = !chance.percent(12);
    Explore {
        name: name.to_owned(),
        symmetric,
        case_sensitive,
        ..plain_explore(BASE, base)
    }
}

fn new_view(name: &str, source: Source) -> View {
    View {
        name: name.to_owned(),
        source,
        dimensions: Vec::new(),
        times: Vec::new(),
        durations: Vec::new(),
        measures: Vec::new(),
        filters: Vec::new(),
        parameters: Vec::new(),
        arrays: Vec::new(),
        sets: Vec::new(),
        grants: Vec::new(),
    }
}

impl Draft<'_> {
    fn draw(&mut self) {
        let joins = self.chance.pick(&[0, 1, 2, 2, 3, 3, 4, 4]);
        let keyless = self.chance.percent(8);
        self.add_view(BASE, keyless, 12);
        for number in 1..=joins {
            self.add_join(number, keyless);
        }
        if keyless {
            // How to count rows without a key, some of which are none, is open.
            let full = |join: &&mut Join| join.kind == JoinKind::Full;
            let full = self.explore.joins.iter_mut().filter(full);
            full.for_each(|join| join.kind = JoinKind::Left);
        }
        self.fill_base();
        self.conditions();
    }

    fn base(&self) -> String {
        self.explore.base.clone()
    }

    /// A view with a table of its own.
    fn add_view(&mut self, name: &str, keyless: bool, most_rows: usize) {
        let chance = &mut *self.chance;
        let key = chance.pick(&[KeyType::Number, KeyType::Number, KeyType::Text]);
        let table = format!("t_{name}");
        let rows = if chance.percent(5) {
            0
        } else {
            1 + chance.below(most_rows)
        };
        self.plans.push(Plan {
            name: table.clone(),
            key,
            rows,
            foreign: Vec::new(),
            has_array: false,
        });
        let mut view = new_view(name, Source::Table(table.clone()));
        let id = Expr::column("id");
        let kind = match key {
            KeyType::Number => DimensionKind::Number(id),
            KeyType::Text => DimensionKind::Text(id),
        };
        view.dimensions.push(Dimension {
            primary_key: !keyless,
            ..Dimension::new("id", kind)
        });
        if name != BASE && chance.percent(20) {
            let only = FieldName::own("only");
            let kinds = [
                (FilterType::Text, "kind"),
                (FilterType::Number, "score"),
                (FilterType::Date, "created_at"),
            ];
            let (kind, column) = chance.pick(&kinds);
            let condition = Expr::Condition(only, Box::new(Expr::column(column)));
            let score = Expr::binary(Op::Greater, Expr::column("score"), Expr::Number(-2.0));
            let condition = Expr::binary(Op::And, condition, score);
            view.source = Source::Filtered { table, condition };
            view.filters.push(FilterField {
                name: "only".into(),
                kind,
                sql: None,
            });
        }
        let epochs = self.clock.database_zone == TimeZone::UTC;
        fill_dimensions(&mut view, epochs, chance);
        fill_measures(&mut view, &self.clock, chance);
        self.views.push(view);
    }

    /// A column that refers to a view's key, with a hidden dimension for it.
    fn add_foreign_key(&mut self, view: &str, column: &str, to: &str, unique: bool) {
        let to = self
            .plans
            .iter()
            .find(|plan| plan.name == format!("t_{to}"))
            .expect("a table");
        let (rows, key) = (to.rows, to.key);
        let table = format!("t_{view}");
        let plan = self
            .plans
            .iter_mut()
            .find(|plan| plan.name == table)
            .expect("a table");
        plan.foreign.push(ForeignKey {
            column: column.to_owned(),
            rows,
            key,
            unique,
        });
        let of = Expr::column(column);
        let kind = match key {
            KeyType::Number => DimensionKind::Number(of),
            KeyType::Text => DimensionKind::Text(of),
        };
        let view = self
            .views
            .iter_mut()
            .find(|known| known.name == view)
            .expect("a view");
        view.dimensions.push(Dimension::new(column, kind));
    }

    /// Aliases whose view has a table of its own.
    fn parents(&self) -> Vec<(String, String)> {
        let aliases = self.explore.aliases().into_iter();
        let owned = aliases.map(|(alias, view)| (alias.to_owned(), view.to_owned()));
        owned.filter(|(_, view)| view.starts_with('v')).collect()
    }

    fn add_join(&mut self, number: usize, keyless: bool) {
        let parents = self.parents();
        let (parent, parent_view) = self.chance.one(&parents).clone();
        let name = format!("v{number}");
        // Without a key the base can't be referred to.
        let refers_to_base = parent_view == BASE && keyless;
        let join = match self.chance.below(100) {
            0..28 => self.many_to_one(&name, &parent, &parent_view),
            28..44 if !refers_to_base => self.one_to_any(&name, &parent, &parent_view, false),
            44..53 if !refers_to_base => self.one_to_any(&name, &parent, &parent_view, true),
            53..60 => self.many_to_many(&name, &parent),
            60..66 => self.cross(&name),
            66..73 if !keyless => self.alias(number, &parent, &parent_view),
            73..80 => self.elements(number, &parent, &parent_view),
            80..100 => self.derived(number, &parent),
            _ => self.many_to_one(&name, &parent, &parent_view),
        };
        self.explore.joins.push(join);
    }

    fn join(&mut self, name: &str, view: &str, relationship: Relationship, on: Expr) -> Join {
        let kind = match self.chance.below(100) {
            0..72 => JoinKind::Left,
            72..88 => JoinKind::Inner,
            _ => JoinKind::Full,
        };
        Join {
            name: name.to_owned(),
            view: view.to_owned(),
            kind,
            relationship,
            on: Some(on),
            foreign_key: None,
            required: Vec::new(),
            filter: None,
            writing: match self.chance.percent(12) {
                true => JoinWriting::Clause,
                false => JoinWriting::Parameters,
            },
            fields: None,
            grants: Vec::new(),
        }
    }

    fn many_to_one(&mut self, name: &str, parent: &str, parent_view: &str) -> Join {
        self.add_view(name, false, 6);
        let column = format!("{name}_id");
        self.add_foreign_key(parent_view, &column, name, false);
        let on = equal(Expr::of(parent, &column), Expr::of(name, "id"));
        let mut join = self.join(name, name, Relationship::ManyToOne, on);
        if join.writing == JoinWriting::Parameters && self.chance.percent(20) {
            join.foreign_key = Some(match parent == self.base() && self.chance.percent(50) {
                true => FieldName::own(&column),
                false => FieldName::of(parent, &column),
            });
        }
        join
    }

    fn one_to_any(&mut self, name: &str, parent: &str, parent_view: &str, unique: bool) -> Join {
        self.add_view(name, false, if unique { 8 } else { 14 });
        self.add_foreign_key(name, "parent_id", parent_view, unique);
        let on = equal(Expr::of(name, "parent_id"), Expr::of(parent, "id"));
        let relationship = if unique {
            Relationship::OneToOne
        } else {
            Relationship::OneToMany
        };
        self.join(name, name, relationship, on)
    }

    fn many_to_many(&mut self, name: &str, parent: &str) -> Join {
        self.add_view(name, false, 8);
        let on = equal(Expr::of(parent, "kind"), Expr::of(name, "kind"));
        self.join(name, name, Relationship::ManyToMany, on)
    }

    fn cross(&mut self, name: &str) -> Join {
        self.add_view(name, false, 3);
        let join = self.join(name, name, Relationship::ManyToMany, Expr::Null);
        Join {
            kind: JoinKind::Cross,
            on: None,
            ..join
        }
    }

    /// A view under another name, joined to whom its rows refer.
    fn alias(&mut self, number: usize, parent: &str, parent_view: &str) -> Join {
        let views: Vec<String> = self.parents().into_iter().map(|(_, view)| view).collect();
        let view = self.chance.one(&views).clone();
        let name = format!("a{number}");
        let column = format!("{name}_id");
        self.add_foreign_key(parent_view, &column, &view, false);
        let on = equal(Expr::of(parent, &column), Expr::of(&name, "id"));
        self.join(&name, &view, Relationship::ManyToOne, on)
    }
}

fn equal(left: Expr, right: Expr) -> Expr {
    Expr::binary(Op::Equal, left, right)
}
