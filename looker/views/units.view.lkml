# Which units to show. The view has no table; every Explore joins it, so that one choice holds for all of it.
view: units {
  label: "Units"

  parameter: distance {
    type: unquoted
    label: "Distance Unit"
    group_label: "Units"
    description: "Miles or kilometres for distance, speed and pace."
    allowed_value: { label: "Miles, mph, min/mile" value: "miles" }
    allowed_value: { label: "Kilometres, km/h, min/km" value: "kilometres" }
    default_value: "@{DISTANCE_UNIT}"
  }

  parameter: weight {
    type: unquoted
    label: "Weight Unit"
    group_label: "Units"
    description: "Pounds or kilograms for weights."
    allowed_value: { label: "Pounds" value: "pounds" }
    allowed_value: { label: "Kilograms" value: "kilograms" }
    default_value: "@{WEIGHT_UNIT}"
  }
}
