project_name: "peloton"

# Name of the connection in Looker's admin panel. Peloton Looker's own engine takes the warehouse that it is
# told to use instead.
constant: CONNECTION {
  value: "peloton"
  export: override_optional
}

# Dataset of the tables, "my-project.peloton" where the connection is of another project. The engine uses it for
# BigQuery; in a DuckDB file the tables are in the main schema, whatever stands here.
constant: DATASET {
  value: "peloton"
  export: override_optional
}

# What distances and weights are shown in unless a query says otherwise: miles or kilometres, pounds or
# kilograms.
constant: DISTANCE_UNIT {
  value: "miles"
  export: override_optional
}

constant: WEIGHT_UNIT {
  value: "pounds"
  export: override_optional
}

# Where the page of a workout is. Nothing is right inside Peloton Looker; in Looker, write the address that
# `peloton-looker explore` prints, without its last slash.
constant: APP_URL {
  value: ""
  export: override_optional
}
