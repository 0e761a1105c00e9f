//! Brings an object's tables up to what this code knows. Migrations are only ever added at the end; what an object has
//! applied must be a beginning of what is known, or the object refuses to start and says why.

use protocol::relay::storage::Fault;

use crate::sql::Database;

/// One step: its name, for ever, and its SQL.
pub type Migration = (&'static str, &'static str);

/// Whether this database has ever been migrated; looking writes nothing.
pub fn is_begun(database: &impl Database) -> Result<bool, Fault> {
    let found = database.query(
        "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'migration'",
        &[],
    )?;
    Ok(!found.is_empty())
}

/// Applies what is missing where there is a beginning, and answers whether there is.
pub fn go_on(database: &impl Database, known: &[Migration]) -> Result<bool, Fault> {
    let begun = is_begun(database)?;
    if begun {
        apply(database, known)?;
    }
    Ok(begun)
}

/// Applies what is missing, from the beginning where nothing was applied.
pub fn run(database: &impl Database, known: &[Migration]) -> Result<(), Fault> {
    if !is_begun(database)? {
        database.run(
            "CREATE TABLE migration (place INTEGER PRIMARY KEY, name TEXT NOT NULL)",
            &[],
        )?;
    }
    apply(database, known)
}

fn apply(database: &impl Database, known: &[Migration]) -> Result<(), Fault> {
    let applied = database.query("SELECT name FROM migration ORDER BY place", &[])?;
    for (place, row) in applied.iter().enumerate() {
        let name = row.text(0)?;
        match known.get(place) {
            Some((expected, _)) if *expected == name => {}
            Some((expected, _)) => {
                return Err(Fault(format!(
                    "migration {place} is {name} here and {expected} in this version"
                )));
            }
            None => {
                return Err(Fault(format!(
                    "migration {name} is from a later version than this one"
                )));
            }
        }
    }
    for (place, (name, statements)) in known.iter().enumerate().skip(applied.len()) {
        database.run(statements, &[])?;
        database.run(
            "INSERT INTO migration (place, name) VALUES (?, ?)",
            &[place.into(), (*name).into()],
        )?;
    }
    Ok(())
}
