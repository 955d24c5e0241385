explore: catalog {
  label: "Peloton's Lists"
  description: "One row an entry of Peloton's lookup lists: class types, disciplines, devices, difficulty levels."
}
