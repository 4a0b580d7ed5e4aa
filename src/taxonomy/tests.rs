use super::Taxonomy;

#[test]
fn the_builtin_taxonomy_has_no_fault() {
    if let Err(error) = Taxonomy::builtin() {
        panic!("{error}");
    }
}
