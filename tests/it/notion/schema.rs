//! Columns of a data source, in the shape `GET /v1/data_sources/{id}` sends them.

use serde_json::{Map, Value, json};

use super::ids::digest;
use super::values::option_id;

/// A column: its id stays when its name changes.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    /// As Notion keeps it; answers carry it percent-encoded.
    pub(crate) id: String,
    pub(crate) name: String,
    /// `title`, `status`, ...
    pub(crate) kind: String,
    /// What the schema says beyond id, name and type.
    pub(crate) config: Value,
}

impl Column {
    /// A column of type `kind` with nothing to configure.
    pub(crate) fn new(kind: &str, name: &str) -> Self {
        Self {
            id: column_id(kind, name),
            name: name.to_owned(),
            kind: kind.to_owned(),
            config: json!({}),
        }
    }

    /// The same with the settings of its type, for instance `{"prefix": "REQ"}`.
    pub(crate) fn with(mut self, config: Value) -> Self {
        self.config = config;
        self
    }

    /// The same with another id than the one made of the name.
    pub(crate) fn id(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// A select or multi-select column.
    pub(crate) fn choices(kind: &str, name: &str, options: &[&str]) -> Self {
        Self::new(kind, name).with(json!({"options": options_of(options.iter().copied())}))
    }

    /// A status column: group membership stands in the schema and nowhere else.
    pub(crate) fn status(name: &str, to_do: &[&str], in_progress: &[&str], complete: &[&str]) -> Self {
        let groups = [
            ("To-do", "gray", to_do),
            ("In progress", "blue", in_progress),
            ("Complete", "green", complete),
        ];
        let all = groups.iter().flat_map(|(_, _, options)| options.iter().copied());
        let config = json!({
            "options": options_of(all),
            "groups": groups.iter().map(|(group, color, options)| json!({
                "id": option_id(group), "name": group, "color": color,
                "option_ids": options.iter().map(|name| option_id(name)).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        });
        Self::new("status", name).with(config)
    }

    /// The id as it stands in answers: percent-encoded once.
    pub(crate) fn encoded_id(&self) -> String {
        percent_encode(&self.id)
    }

    fn to_json(&self) -> Value {
        json!({
            "id": self.encoded_id(), "name": self.name, "description": null, "type": self.kind,
            self.kind.as_str(): self.config,
        })
    }
}

/// The `properties` of a data source.
pub(crate) fn properties(columns: &[Column]) -> Value {
    let entries = columns
        .iter()
        .map(|column| (column.name.clone(), column.to_json()));
    Value::Object(entries.collect::<Map<_, _>>())
}

/// The columns of a request desk, one of each type that the API sends and one of a type nobody knows yet.
pub(crate) fn request_desk() -> Vec<Column> {
    let plain = |kind: &str, name: &str| Column::new(kind, name);
    vec![
        plain("title", "件名"),
        plain("rich_text", "詳細"),
        Column::status("状態", &["未着手"], &["対応中", "確認待ち"], &["完了", "却下"]).id(":UPp"),
        Column::choices(
            "select",
            "種別",
            &["アカウント", "権限", "調査", "相談", "環境", "設定"],
        ),
        Column::choices("multi_select", "ラベル", &["aws", "github", "急ぎ"]),
        plain("people", "担当者"),
        plain("people", "依頼者").id("a%2F?"),
        plain("date", "期限"),
        plain("date", "完了日").id("b=;}"),
        plain("number", "工数(分)").with(json!({"format": "number"})),
        plain("checkbox", "緊急"),
        plain("url", "参考URL"),
        plain("email", "連絡先"),
        plain("phone_number", "電話"),
        plain("files", "添付"),
        plain("relation", "関連"),
        plain("rollup", "関連数").with(json!({
            "function": "count", "rollup_property_name": "件名", "relation_property_name": "関連",
            "rollup_property_id": "title", "relation_property_id": column_id("relation", "関連"),
        })),
        plain("formula", "優先度").with(json!({"expression": "if({{緊急}}, \"high\", \"low\")"})),
        plain("unique_id", "番号").with(json!({"prefix": "REQ"})),
        plain("created_time", "作成日時"),
        plain("last_edited_time", "更新日時"),
        plain("created_by", "作成者"),
        plain("last_edited_by", "更新者"),
        plain("button", "完了ボタン"),
        plain("verification", "確認"),
        plain("place", "場所"),
        plain("last_visited_time", "閲覧日時"),
    ]
}

fn options_of<'a>(names: impl Iterator<Item = &'a str>) -> Vec<Value> {
    names
        .map(|name| json!({"id": option_id(name), "name": name, "color": "default", "description": null}))
        .collect()
}

/// Four characters, as Notion's ids are, punctuation that needs encoding among them.
fn column_id(kind: &str, name: &str) -> String {
    const CHARACTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:;<=>?@[]^_`{|}~%";
    if kind == "title" {
        return "title".to_owned();
    }
    let mut number = digest(name.as_bytes());
    (0..4)
        .map(|_| {
            let at = number % CHARACTERS.len() as u64;
            number /= CHARACTERS.len() as u64;
            char::from(CHARACTERS[usize::try_from(at).unwrap_or(0)])
        })
        .collect()
}

/// Encodes what `encodeURIComponent` encodes.
pub(crate) fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => char::from(byte).to_string(),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// Decodes once; what is no valid escape stays.
pub(crate) fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let escape = bytes[at..].get(1..3).filter(|_| bytes[at] == b'%');
        let byte = escape
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
