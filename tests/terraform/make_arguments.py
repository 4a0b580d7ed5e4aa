#!/usr/bin/env python3
"""Makes arguments.json: what Terraform resources take, from what their providers publish and not from our templates.

    npm pack @cdktf/provider-aws @cdktf/provider-datadog @cdktf/provider-github \
             @cdktf/provider-google @cdktf/provider-kubernetes @cdktf/provider-pagerduty
    python3 tests/terraform/make_arguments.py FOLDER_WITH_THE_TGZ_FILES tests/terraform/arguments.json

The npm packages are bindings that are generated from the schemas of the providers; each names its provider's version.
Providers without such a package stand in documented.json, transcribed from the "Schema" part of their documentation,
which their authors generate from the schema too; each entry names repository and commit.
"""
import json
import pathlib
import re
import sys
import tarfile

# Every resource and data source of the plays in data/taxonomy.toml that these packages cover.
WANTED = {
    "aws": ["aws_ssoadmin_account_assignment", "aws_identitystore_group_membership"],
    "datadog": ["datadog_user", "datadog_authn_mapping", "datadog_team_membership", "datadog_monitor",
                "datadog_downtime_schedule"],
    "github": ["github_membership", "github_team_membership", "github_team_members", "github_team_repository",
               "github_repository_collaborator", "github_repository_collaborators", "github_repository",
               "github_repository_ruleset", "github_branch_protection"],
    "google": ["data.google_cloud_identity_group_lookup", "google_cloud_identity_group_membership",
               "google_project_iam_member", "google_project_iam_policy", "google_folder_iam_member",
               "google_storage_bucket_iam_member", "google_privileged_access_manager_entitlement",
               "google_iam_workload_identity_pool", "google_iam_workload_identity_pool_provider",
               "google_service_account", "google_service_account_iam_member",
               "google_bigquery_dataset_iam_member", "google_bigquery_table_iam_member",
               "google_bigquery_dataset_access", "google_sql_user",
               "google_iap_tunnel_instance_iam_member", "google_compute_firewall", "google_project",
               "google_monitoring_alert_policy", "google_dns_record_set", "google_secret_manager_secret",
               "google_secret_manager_secret_iam_member"],
    "kubernetes": ["kubernetes_role_binding_v1"],
    "pagerduty": ["pagerduty_user", "pagerduty_team_membership", "pagerduty_escalation_policy", "pagerduty_schedule"],
}
FIELD = re.compile(r"/\*\*(?P<doc>(?:[^*]|\*(?!/))*)\*/\s*readonly (?P<name>\w+)(?P<optional>\?)?: (?P<type>[^;{]+|\{[^}]*\});", re.S)
INTERFACE = re.compile(r"export interface (\w+)(?: extends [\w.]+)? \{(.*?)\n\}", re.S)
LINK = re.compile(r"/docs/(?:resources|data-sources)/\w+#(\w+) ")


def kind(type_text):
    """Kind of an argument by its TypeScript type."""
    bare = type_text.replace("| cdktf.IResolvable", "").strip()
    if bare in ("string",):
        return "string"
    if bare == "number":
        return "number"
    if bare == "boolean":
        return "bool"
    if bare.startswith("{"):
        return "map"
    if bare.endswith("[]"):
        return "list"
    return "object"


def block(interfaces, name, top=True):
    """Arguments and blocks of one interface, by their names in Terraform."""
    taken = {}
    for match in FIELD.finditer(interfaces[name]):
        link = LINK.search(match["doc"])
        if not link or (top and link[1] == "id" and "automatically added" in match["doc"]):
            continue
        entry = {"required": not match["optional"]}
        inner = re.match(r"(\w+)(\[\])?", match["type"].strip())
        is_block = bool(re.search(r"\*\s+\w+ block\s", match["doc"])) and inner and inner[1] in interfaces
        if is_block:
            entry["block"] = block(interfaces, inner[1], top=False)
        elif inner and inner[1] in interfaces:
            entry["type"] = "list" if inner[2] else "object"
        else:
            entry["type"] = kind(match["type"])
        taken[link[1]] = entry
    return dict(sorted(taken.items()))


def resource(package, name):
    """One resource of a package, or None if it has none of that name."""
    data = name.startswith("data.")
    bare = name.removeprefix("data.").split("_", 1)[1].replace("_", "-")
    folder = ("data-" + package[1] + "-" + bare) if data else bare
    try:
        text = package[0].extractfile(f"package/lib/{folder}/index.d.ts").read().decode()
    except KeyError:
        return None
    interfaces = dict(INTERFACE.findall(text))
    config = next(key for key in interfaces if key.endswith("Config") and re.search(
        rf"export interface {key} extends cdktf.TerraformMetaArguments", text))
    return block(interfaces, config)


def main(folder, target):
    here = pathlib.Path(__file__).parent
    table = {"made_by": "tests/terraform/make_arguments.py", "providers": {}, "resources": {}}
    for provider, names in WANTED.items():
        path = next(pathlib.Path(folder).glob(f"cdktf-provider-{provider}-[0-9]*.tgz"))
        with tarfile.open(path) as archive:
            meta = json.load(archive.extractfile("package/package.json"))
            schema = meta["cdktf"]["provider"]
            table["providers"][provider] = {
                "source": schema["name"].removeprefix("registry.terraform.io/"),
                "version": schema["version"],
                "from": f"npm {meta['name']} {meta['version']}",
            }
            for name in names:
                found = resource((archive, provider), name)
                if found is None:
                    sys.exit(f"{path.name} has no {name}")
                table["resources"][name] = found
    documented = json.loads((here / "documented.json").read_text())
    table["providers"].update(documented["providers"])
    table["resources"].update(documented["resources"])
    table["resources"] = dict(sorted(table["resources"].items()))
    pathlib.Path(target).write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n")


main(sys.argv[1], sys.argv[2])
