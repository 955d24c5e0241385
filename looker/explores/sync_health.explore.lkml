explore: sync_health {
  view_name: sync_runs
  label: "Sync Health"
  description: "One row a run of sync or import, and every item that was refused, failed or can't be read."

  # Items that no run has tried, such as values that can't be read, are kept.
  join: sync_items {
    type: full_outer
    relationship: one_to_many
    sql_on: ${sync_runs.id} = ${sync_items.run_id} ;;
  }

  join: members {
    relationship: many_to_one
    sql_on: ${sync_items.user_id} = ${members.id} ;;
  }

  query: what_failed {
    label: "What Could Not Be Had"
    description: "Refusals and failures by their reason."
    dimensions: [sync_items.endpoint, sync_items.status, sync_items.reason]
    measures: [sync_items.count, sync_items.pending_count]
    filters: [sync_items.status: "-NULL"]
    sorts: [sync_items.count: desc]
  }
}
