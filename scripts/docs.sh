#!/usr/bin/env bash
# Writes the reference pages docs/dialect/*.md from the TableGen sources.
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=scripts/common.sh
. "$here/common.sh"
export MOA_STEPS=6
"$here/build.sh" moa-docs
pages=$MOA_SOURCE/docs/dialect
mkdir -p "$pages"
# A page whose source is gone goes too.
rm -f "$pages"/*.md
cp "$MOA_BUILD"/docs/dialect/*.md "$pages"
step 6 "wrote docs/dialect: $(cd "$pages" && echo *.md)"
