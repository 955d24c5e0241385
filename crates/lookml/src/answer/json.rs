//! The answer as Looker's API gives it.

use serde_json::{Map, Value as Json, json};

use super::{Answer, Cell, Row, Value};

/// Under which key the total of a row stands among its pivoted cells.
pub(super) const ROW_TOTAL: &str = "$$$_row_total_$$$";

impl Answer {
    /// A list of rows: raw values by the names of the fields, pivoted ones nested by the key of the column.
    pub fn json(&self) -> Json {
        Json::Array(
            self.rows
                .iter()
                .map(|row| Json::Object(self.row_json(row)))
                .collect(),
        )
    }

    /// One row of that list.
    pub fn row_json(&self, row: &Row) -> Map<String, Json> {
        let mut object = Map::new();
        for (name, value) in self.names().zip(&row.values) {
            if let Some(json) = self.value_json(value, &|_, cell| cell.json()) {
                object.insert(name.to_owned(), json);
            }
        }
        object
    }

    /// A value as JSON, each cell of it by a function, which is told in which of the pivoted columns it is. None: it
    /// heads columns.
    pub(super) fn value_json(
        &self,
        value: &Value,
        cell_json: &dyn Fn(Option<usize>, &Cell) -> Json,
    ) -> Option<Json> {
        match value {
            Value::One(cell) => Some(cell_json(None, cell)),
            Value::Location {
                latitude,
                longitude,
            } => match (latitude, longitude) {
                (Cell::Null, _) | (_, Cell::Null) => Some(Json::Null),
                _ => Some(json!([latitude.json(), longitude.json()])),
            },
            Value::Head => None,
            Value::Across { cells, total } => {
                let mut object = Map::new();
                for (place, (pivot, cell)) in self.pivots.iter().zip(cells).enumerate() {
                    if let Some(cell) = cell {
                        object.insert(pivot.key.clone(), cell_json(Some(place), cell));
                    }
                }
                if let Some(total) = total {
                    object.insert(ROW_TOTAL.to_owned(), cell_json(None, total));
                }
                Some(Json::Object(object))
            }
        }
    }
}
