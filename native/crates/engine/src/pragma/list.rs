//! Which pragmas there are.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Answers a row when asked, nothing when set.
    Quiet,
    /// As `Quiet`, and setting it writes the database.
    Header,
    /// Answers the value when set as well.
    Echo,
    /// Cannot be set.
    Readable,
    /// Has an argument; without one there are no rows.
    NeedsArgument,
    /// Never has rows.
    Action,
}

#[derive(Debug)]
pub(super) struct Spec {
    pub name: &'static str,
    pub kind: Kind,
    pub columns: &'static [&'static str],
}

const fn spec(name: &'static str, kind: Kind, columns: &'static [&'static str]) -> Spec {
    Spec { name, kind, columns }
}

/// Ours alone, for tests: no list shows it.
pub(super) const EXECUTION_ENGINE: &str = "execution_engine";

/// Sorted by name.
pub(super) static PRAGMAS: &[Spec] = &[
    spec("analysis_limit", Kind::Echo, &["analysis_limit"]),
    spec("application_id", Kind::Header, &["application_id"]),
    spec("auto_vacuum", Kind::Quiet, &["auto_vacuum"]),
    spec("automatic_index", Kind::Quiet, &["automatic_index"]),
    spec("busy_timeout", Kind::Echo, &["timeout"]),
    spec("cache_size", Kind::Quiet, &["cache_size"]),
    spec("cache_spill", Kind::Quiet, &["cache_spill"]),
    spec("case_sensitive_like", Kind::Action, &[]),
    spec("cell_size_check", Kind::Quiet, &["cell_size_check"]),
    spec("checkpoint_fullfsync", Kind::Quiet, &["checkpoint_fullfsync"]),
    spec("collation_list", Kind::Readable, &["seq", "name"]),
    spec("compile_options", Kind::Readable, &["compile_options"]),
    spec("count_changes", Kind::Quiet, &["count_changes"]),
    spec("data_version", Kind::Readable, &["data_version"]),
    spec("database_list", Kind::Readable, &["seq", "name", "file"]),
    spec("defer_foreign_keys", Kind::Quiet, &["defer_foreign_keys"]),
    spec("empty_result_callbacks", Kind::Quiet, &["empty_result_callbacks"]),
    spec("encoding", Kind::Quiet, &["encoding"]),
    spec(EXECUTION_ENGINE, Kind::Action, &[]),
    spec("foreign_key_check", Kind::Readable, &["table", "rowid", "parent", "fkid"]),
    spec(
        "foreign_key_list",
        Kind::NeedsArgument,
        &["id", "seq", "table", "from", "to", "on_update", "on_delete", "match"],
    ),
    spec("foreign_keys", Kind::Quiet, &["foreign_keys"]),
    spec("freelist_count", Kind::Readable, &["freelist_count"]),
    spec("full_column_names", Kind::Quiet, &["full_column_names"]),
    spec("fullfsync", Kind::Quiet, &["fullfsync"]),
    spec("function_list", Kind::Readable, &["name", "builtin", "type", "enc", "narg", "flags"]),
    spec("hard_heap_limit", Kind::Echo, &["hard_heap_limit"]),
    spec("ignore_check_constraints", Kind::Quiet, &["ignore_check_constraints"]),
    spec("incremental_vacuum", Kind::Action, &[]),
    spec("index_info", Kind::NeedsArgument, &["seqno", "cid", "name"]),
    spec("index_list", Kind::NeedsArgument, &["seq", "name", "unique", "origin", "partial"]),
    spec("index_xinfo", Kind::NeedsArgument, &["seqno", "cid", "name", "desc", "coll", "key"]),
    spec("integrity_check", Kind::Readable, &["integrity_check"]),
    spec("journal_mode", Kind::Echo, &["journal_mode"]),
    spec("journal_size_limit", Kind::Echo, &["journal_size_limit"]),
    spec("legacy_alter_table", Kind::Quiet, &["legacy_alter_table"]),
    spec("locking_mode", Kind::Echo, &["locking_mode"]),
    spec("max_page_count", Kind::Echo, &["max_page_count"]),
    spec("mmap_size", Kind::Echo, &["mmap_size"]),
    spec("module_list", Kind::Readable, &["name"]),
    spec("optimize", Kind::Readable, &["optimize"]),
    spec("page_count", Kind::Readable, &["page_count"]),
    spec("page_size", Kind::Quiet, &["page_size"]),
    spec("pragma_list", Kind::Readable, &["name"]),
    spec("query_only", Kind::Quiet, &["query_only"]),
    spec("quick_check", Kind::Readable, &["quick_check"]),
    spec("read_uncommitted", Kind::Quiet, &["read_uncommitted"]),
    spec("recursive_triggers", Kind::Quiet, &["recursive_triggers"]),
    spec("reverse_unordered_selects", Kind::Quiet, &["reverse_unordered_selects"]),
    spec("schema_version", Kind::Header, &["schema_version"]),
    spec("secure_delete", Kind::Echo, &["secure_delete"]),
    spec("short_column_names", Kind::Quiet, &["short_column_names"]),
    spec("shrink_memory", Kind::Action, &[]),
    spec("soft_heap_limit", Kind::Echo, &["soft_heap_limit"]),
    spec("synchronous", Kind::Quiet, &["synchronous"]),
    spec("table_info", Kind::NeedsArgument, &["cid", "name", "type", "notnull", "dflt_value", "pk"]),
    spec("table_list", Kind::Readable, &["schema", "name", "type", "ncol", "wr", "strict"]),
    spec(
        "table_xinfo",
        Kind::NeedsArgument,
        &["cid", "name", "type", "notnull", "dflt_value", "pk", "hidden"],
    ),
    spec("temp_store", Kind::Quiet, &["temp_store"]),
    spec("temp_store_directory", Kind::Quiet, &["temp_store_directory"]),
    spec("threads", Kind::Echo, &["threads"]),
    spec("trusted_schema", Kind::Quiet, &["trusted_schema"]),
    spec("user_version", Kind::Header, &["user_version"]),
    spec("wal_autocheckpoint", Kind::Echo, &["wal_autocheckpoint"]),
    spec("wal_checkpoint", Kind::Echo, &["busy", "log", "checkpointed"]),
    spec("writable_schema", Kind::Quiet, &["writable_schema"]),
];

/// The hidden columns of a pragma as a table: what its call's arguments are. None: it is no table.
pub(super) fn hidden_columns(spec: &Spec) -> Option<&'static [&'static str]> {
    match spec.name {
        "case_sensitive_like"
        | EXECUTION_ENGINE
        | "incremental_vacuum"
        | "mmap_size"
        | "shrink_memory"
        | "temp_store_directory"
        | "wal_autocheckpoint"
        | "wal_checkpoint" => None,
        "foreign_key_check" | "foreign_key_list" | "index_info" | "index_list" | "index_xinfo"
        | "integrity_check" | "quick_check" | "table_info" | "table_xinfo" => Some(&["arg", "schema"]),
        "optimize" | "table_list" => Some(&["arg"]),
        "auto_vacuum" | "cache_size" | "cache_spill" | "journal_mode" | "journal_size_limit"
        | "locking_mode" | "max_page_count" | "page_count" | "page_size" | "synchronous" => Some(&["schema"]),
        _ => Some(&[]),
    }
}

pub(super) fn find(name: &str) -> Option<&'static Spec> {
    let lower = name.to_ascii_lowercase();
    PRAGMAS.binary_search_by(|spec| spec.name.cmp(lower.as_str())).ok().map(|index| &PRAGMAS[index])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_every_pragma_is_found() {
        assert!(PRAGMAS.is_sorted_by_key(|spec| spec.name));
        assert!(find("Table_Info").is_some());
        assert!(find("nonsense").is_none());
    }
}
