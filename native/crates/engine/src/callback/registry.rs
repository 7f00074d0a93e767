//! Everything one session's application has defined, found by name.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use super::collation::{CollationFunction, Collator};
use super::table::{self, ConnectedTable, Module, ModuleUses, TableModule};
use super::{Authorizer, CallSite, FunctionDefinition};
use crate::catalog::VirtualTable;
use crate::{Error, Result, ResultCode};
use pluresdb_value::CollationId;

/// The longest name of a function, in bytes; SQLite's own limit.
const MAX_NAME_LEN: usize = 255;

#[derive(Default)]
pub struct Callbacks {
    /// By lower-case name; one definition for each number of arguments.
    functions: HashMap<String, Vec<Rc<FunctionDefinition>>>,
    /// By lower-case name. A cell, since compiling a statement may connect a table.
    modules: HashMap<String, RefCell<Module>>,
    collations: HashMap<CollationId, Collator>,
    authorizer: Option<Rc<dyn Authorizer>>,
    version: u64,
    /// A function was found: see `may_be_needed`.
    was_found: Cell<bool>,
}

impl Callbacks {
    /// Another number after each change.
    #[inline]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Whom to ask what statements may do; what was compiled before is compiled, and asked for, again.
    pub fn set_authorizer(&mut self, authorizer: Option<Rc<dyn Authorizer>>) {
        self.version += 1;
        self.authorizer = authorizer;
    }

    #[inline]
    pub fn authorizer(&self) -> Option<&Rc<dyn Authorizer>> {
        self.authorizer.as_ref()
    }

    /// Whether a statement may call code of the application: `compile` compiles it. Of functions it is known; collations,
    /// modules and an authorizer may be met in any statement.
    pub fn may_be_needed<R>(&self, compile: impl FnOnce() -> Result<R>) -> Result<bool> {
        if self.authorizer.is_some() || !self.collations.is_empty() || !self.modules.is_empty() {
            return Ok(true);
        }
        if self.functions.is_empty() {
            return Ok(false);
        }
        self.was_found.set(false);
        compile()?;
        Ok(self.was_found.get())
    }

    /// Whether the application has functions or tables of its own that a statement may ask.
    pub fn may_see_rows(&self) -> bool {
        !self.functions.is_empty() || !self.modules.is_empty()
    }

    /// Whether the name can be a function's.
    pub fn accepts_name(name: &str) -> bool {
        name.len() <= MAX_NAME_LEN
    }

    /// Adds a function, in place of one of the same name and number of arguments.
    pub fn define_function(&mut self, definition: FunctionDefinition) {
        let name = definition.name.to_ascii_lowercase();
        let is_built_in = pluresdb_function::all().any(|listed| listed.name.eq_ignore_ascii_case(&name));
        let overloads = self.functions.entry(name).or_default();
        // Nothing that was compiled can have met a name that is new.
        if is_built_in || !overloads.is_empty() {
            self.version += 1;
        }
        overloads.retain(|known| known.arg_count != definition.arg_count);
        overloads.push(Rc::new(definition));
    }

    /// Whether exactly this overload is there.
    pub fn has_function(&self, name: &str, arg_count: Option<usize>) -> bool {
        let overloads = self.overloads(name);
        overloads.is_some_and(|overloads| overloads.iter().any(|known| known.arg_count == arg_count))
    }

    /// What a call of so many arguments means: the overload for just that number goes before one for any number.
    pub fn function(&self, name: &str, arg_count: usize) -> Option<&Rc<FunctionDefinition>> {
        let overloads = self.overloads(name)?;
        let exact = overloads.iter().find(|known| known.arg_count == Some(arg_count));
        exact.or_else(|| overloads.iter().find(|known| known.arg_count.is_none()))
    }

    /// A function of that name, whatever its arguments.
    pub fn any_function(&self, name: &str) -> Option<&Rc<FunctionDefinition>> {
        self.overloads(name)?.first()
    }

    fn overloads(&self, name: &str) -> Option<&Vec<Rc<FunctionDefinition>>> {
        if self.functions.is_empty() {
            return None;
        }
        let overloads = self.functions.get(&name.to_ascii_lowercase())?;
        self.was_found.set(true);
        Some(overloads)
    }

    /// Adds a table module, in place of one of the same name.
    pub fn define_module(&mut self, name: &str, uses: ModuleUses, module: Rc<dyn TableModule>) {
        self.version += 1;
        let key = name.to_ascii_lowercase();
        let before = self.modules.remove(&key).map(RefCell::into_inner);
        self.modules.insert(key, RefCell::new(Module::new(name.to_owned(), uses, module, before)));
    }

    /// The name of the module whose own table has that name.
    pub fn eponymous_name(&self, name: &str) -> Option<String> {
        if self.modules.is_empty() {
            return None;
        }
        let module = self.modules.get(&name.to_ascii_lowercase())?.borrow();
        (module.uses != ModuleUses::Created).then(|| module.name.clone())
    }

    pub fn module_names(&self) -> impl Iterator<Item = String> {
        self.modules.values().map(|module| module.borrow().name.clone())
    }

    /// The table that a module is by itself.
    pub fn eponymous_table(&self, name: &str, site: CallSite) -> Result<Rc<ConnectedTable>> {
        match self.modules.get(&name.to_ascii_lowercase()) {
            Some(module) => Self::connected(module, None, "main", site),
            None => Err(no_such_module(name)),
        }
    }

    /// A table that CREATE VIRTUAL TABLE made, in the database of that name.
    pub fn virtual_table(
        &self,
        database: &str,
        definition: &Arc<VirtualTable>,
        site: CallSite,
    ) -> Result<Rc<ConnectedTable>> {
        match self.modules.get(&definition.module.to_ascii_lowercase()) {
            Some(module) if module.borrow().uses != ModuleUses::Eponymous => {
                Self::connected(module, Some(definition), database, site)
            }
            _ => Err(no_such_module(&definition.module)),
        }
    }

    /// Connects, unless that was done before. The module's code may use other connections meanwhile, not this one.
    fn connected(
        module: &RefCell<Module>,
        definition: Option<&Arc<VirtualTable>>,
        database: &str,
        site: CallSite,
    ) -> Result<Rc<ConnectedTable>> {
        if let Some(known) = module.borrow().known(definition) {
            return Ok(known);
        }
        let (code, own_name) = (module.borrow().module.clone(), module.borrow().name.clone());
        let (table, arguments) = match definition {
            Some(definition) => (definition.name.as_str(), definition.arguments.as_slice()),
            None => (own_name.as_str(), &[][..]),
        };
        let connected = table::connect(&*code, database, table, arguments, site)?;
        module.borrow_mut().keep(definition.cloned(), connected.clone());
        Ok(connected)
    }

    /// Adds a collation, in place of one of the same name.
    pub fn define_collation(&mut self, id: CollationId, function: Rc<dyn CollationFunction>) {
        self.version += 1;
        self.collations.insert(id, Collator::new(function));
    }

    pub fn has_collation(&self, id: CollationId) -> bool {
        self.collations.contains_key(&id)
    }

    pub fn collations(&self) -> impl Iterator<Item = CollationId> {
        self.collations.keys().copied()
    }

    fn collator(&self, id: CollationId) -> Result<&Collator> {
        self.collations.get(&id).ok_or_else(|| no_such_collation(id.name()))
    }

    /// Compares two texts.
    pub(crate) fn collate(&self, id: CollationId, a: &[u8], b: &[u8], site: CallSite) -> Result<Ordering> {
        self.collator(id)?.function.compare(a, b, site).map_err(Error::from)
    }

    /// Bytes that order as the texts do, until no statement runs.
    pub(crate) fn label(&self, id: CollationId, text: &[u8], site: CallSite) -> Result<Rc<[u8]>> {
        self.collator(id)?.label(text, site).map_err(Error::from)
    }

    /// No statement runs any more.
    #[inline]
    pub(crate) fn forget_labels(&self) {
        // Even an iterator over nothing takes a percent of a get.
        if self.collations.is_empty() {
            return;
        }
        for collator in self.collations.values() {
            collator.forget_labels();
        }
    }

    pub fn functions(&self) -> impl Iterator<Item = &Rc<FunctionDefinition>> {
        self.functions.values().flatten()
    }
}

fn no_such_module(name: &str) -> Error {
    Error::error(format!("no such module: {name}"))
}

pub(crate) fn no_such_collation(name: &str) -> Error {
    Error::new(ResultCode::MissingCollation, format!("no such collation sequence: {name}"))
}
