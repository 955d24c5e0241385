//! Conditions in SQL, and where they need parentheses.

/// A condition in SQL.
pub(super) struct Condition {
    sql: String,
    /// Whether it stands in parentheses.
    is_closed: bool,
}

impl Condition {
    pub(super) const EVERYTHING: &str = "1=1";
    pub(super) const NOTHING: &str = "1=0";

    /// One comparison.
    pub(super) fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            is_closed: false,
        }
    }

    /// One of them holds.
    pub(super) fn any(conditions: Vec<Self>) -> Self {
        Self::joined(conditions, " OR ")
    }

    /// Each of them holds.
    pub(super) fn all(conditions: Vec<Self>) -> Self {
        Self::joined(conditions, " AND ")
    }

    /// Each of a filter's groups holds; as a whole without parentheses.
    pub(super) fn groups(groups: Vec<Self>) -> String {
        if groups.len() < 2 {
            return Self::all(groups).sql;
        }
        let groups: Vec<_> = groups.into_iter().map(Self::closed).collect();
        groups.join(" AND ")
    }

    pub(super) fn into_sql(self) -> String {
        self.sql
    }

    fn closed(self) -> String {
        if self.is_closed {
            return self.sql;
        }
        format!("({})", self.sql)
    }

    fn joined(conditions: Vec<Self>, operator: &str) -> Self {
        if conditions.len() < 2 {
            let condition = conditions.into_iter().next();
            return condition.unwrap_or_else(|| Self::new(Self::NOTHING));
        }
        let parts: Vec<_> = conditions.into_iter().map(|part| part.sql).collect();
        Self {
            sql: format!("({})", parts.join(operator)),
            is_closed: true,
        }
    }
}
