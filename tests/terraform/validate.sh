#!/bin/sh
# Drafts every play with Terraform on the sample and runs `terraform validate` where its providers can be installed:
#   tests/terraform/validate.sh BINARY [FOLDER_WITH_PROVIDERS]
# The folder is a filesystem mirror (HOST/NAMESPACE/TYPE/VERSION/PLATFORM). Says for each play which of the two happened.
set -eu
binary=$1
mirror=${2:-}
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
export CHECKPOINT_DISABLE=1
unset TF_CLI_CONFIG_FILE
failed=0
for play in $(sed -n 's/^\[\[plays\.\([a-z0-9_]*\)\.resources\]\]$/\1/p' "$(dirname "$0")/../../data/taxonomy.toml" | sort -u); do
  "$binary" draft "$play" --sample --raw --quiet --output "$room/$play" >/dev/null
  module="$room/$play/terraform/$play"
  if terraform -chdir="$module" init -backend=false -input=false ${mirror:+-plugin-dir="$mirror"} >"$room/log" 2>&1; then
    if terraform -chdir="$module" validate >"$room/log" 2>&1; then
      echo "$play: valid"
    else
      echo "$play: INVALID"
      cat "$room/log"
      failed=1
    fi
  else
    echo "$play: its providers cannot be installed here"
  fi
done
exit $failed
