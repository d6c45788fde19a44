#!/bin/sh
# Adds the jars of one folder that another lacks: add-jars.sh <from> <to>
# A jar that is there in another version stays as Spark ships it: two versions on one class path are worse than either.
set -eu

for jar in "$1"/*.jar; do
  name=$(basename "$jar" | sed 's/-[0-9].*//')
  ls "$2/$name"-[0-9]*.jar >/dev/null 2>&1 || cp "$jar" "$2/"
done
