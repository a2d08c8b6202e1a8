# SPDX-License-Identifier: Apache-2.0
# Mutants of the schema and how they are tried. Sourced by tests/sql/mutation and tests/sql/run after cluster.sh; the
# cluster runs and xuqi is the template.

# Mutants that no story can notice because nothing changes for anybody: name <tab> reason. A handful at most.
equivalent_mutants() {
    cat <<'LIST'
LIST
}

# name <tab> the tables it concerns <tab> the statement that takes the rule away <tab> the statement that brings back what
# a copy of the database does not keep apart (rights of roles as such belong to the whole cluster)
mutants() {
    psql -XAtq -F $'\t' <<'SQL'
select 'constraint ' || conrelid::regclass || '.' || conname, relname, format('alter table %s drop constraint %I cascade', conrelid::regclass, conname), ''
  from pg_constraint join pg_class on pg_class.oid = conrelid
 where connamespace = 'xuqi'::regnamespace and contype in ('c', 'u', 'p', 'f', 'x') and conparentid = 0
union all
select 'index ' || indexrelid::regclass, t.relname, format('drop index %s', indexrelid::regclass), ''
  from pg_index join pg_class as i on i.oid = indexrelid join pg_class as t on t.oid = indrelid
 where i.relnamespace = 'xuqi'::regnamespace and indisunique
   and not exists (select from pg_constraint where conindid = indexrelid and contype in ('u', 'p', 'x'))
union all
select 'trigger ' || tgrelid::regclass || '.' || tgname, relname, format('drop trigger %I on %s', tgname, tgrelid::regclass), ''
  from pg_trigger join pg_class on pg_class.oid = tgrelid where relnamespace = 'xuqi'::regnamespace and not tgisinternal
union all
select format('grant %s to %s', proname, role_name), 'roles', format('revoke execute on function %s from %I', p.oid::regprocedure, role_name), ''
  from pg_proc as p, unnest(array['xuqi_web', 'xuqi_jobs', 'xuqi_issuer', 'xuqi_admin']) as role_name
 where pronamespace = 'xuqi'::regnamespace and has_function_privilege(role_name, p.oid, 'execute')
union all
select 'invariant ' || replace(found[1], repeat(chr(39), 2), chr(39)), 'ledger_verify', 'do $mutant$ begin execute replace(pg_get_functiondef(' || p.oid || '), '
       || quote_literal(chr(39) || found[1] || chr(39)) || ', ''''''never told''''''); end $mutant$', ''
  from pg_proc as p, regexp_matches(prosrc, E'select ''([a-z](?:[^'']|'''')+)'',', 'g') as found
 where pronamespace = 'xuqi'::regnamespace and proname ~ '^(ledger|statement)_check'
union all
select 'not granted ' || what, 'roles', statement, undo from (values
    ('a table to web', 'grant select on xuqi.renewal to xuqi_web', ''),
    ('a column to jobs', 'grant update (result) on xuqi.outbox_done to xuqi_jobs', ''),
    ('a sequence to web', 'grant usage on sequence xuqi.order_sequence to xuqi_web', ''),
    ('a procedure to everybody', 'grant execute on function xuqi.ledger_verify(text, bigint) to public', ''),
    ('issuance to web', 'grant execute on function xuqi.issuance_halt(text) to xuqi_web', ''),
    ('the owner to web', 'grant xuqi_owner to xuqi_web', 'revoke xuqi_owner from xuqi_web'),
    ('databases to jobs', 'alter role xuqi_jobs createdb', 'alter role xuqi_jobs nocreatedb'),
    ('roles to admin', 'alter role xuqi_admin createrole', 'alter role xuqi_admin nocreaterole'),
    ('everything to issuer', 'alter role xuqi_issuer superuser', 'alter role xuqi_issuer nosuperuser'),
    ('logging in as the owner', 'alter role xuqi_owner login', 'alter role xuqi_owner nologin'),
    ('the schema to jobs', 'grant create on schema xuqi to xuqi_jobs', ''),
    ('the caller''s rights', 'alter function xuqi.ledger_verify(text, bigint) security invoker', ''),
    ('the caller''s path', 'alter function xuqi.ledger_verify(text, bigint) reset search_path', '')
) as wrong (what, statement, undo)
order by 1
SQL
}

all_stories() { ls "$here"/*.sql | grep -v '/killed\.sql$'; } # that one takes the server away from the others

# Those that name the rule first, then those that refuse most, then those that name its table, then the others.
stories_for() { # <mutant's name> <table>
    local rule=${1##*.}
    rule=${rule##* }
    {
        case $1 in invariant*) echo "$here/ledger_verify.sql" ;; grant*|not*) echo "$here/roles.sql" ;; esac
        grep -lwF -- "$rule" "$here"/*.sql | grep '/constraints' || true
        grep -lwF -- "$rule" "$here"/*.sql || true
        ls "$here"/constraints*.sql "$here/ledger.sql" "$here/states.sql" 2>/dev/null
        grep -lwF -- "$2" "$here"/*.sql || true
        all_stories
    } | grep -v '/killed\.sql$' | awk '!seen[$0]++'
}

# Succeeds when the story finds nothing wrong in a copy of the database changed by the statement.
holds() { # <story> <scratch database> [statement]
    local out
    copy_database xuqi "$2"
    if [ -n "${3:-}" ] && ! psql -Xq -v ON_ERROR_STOP=1 -d "$2" -c "set client_min_messages = warning" -c "$3" >"$work/$2.log" 2>&1; then
        echo "broken: $(head -c 200 "$work/$2.log")"
        "$bin/dropdb" -f "$2"
        return 2
    fi
    out=$(PGDATABASE=$2 PATH="$here/support:$PATH" STORY_ROOT=$root timeout 120 \
        psql -X -q -A -t -v ON_ERROR_STOP=1 -f "$1" 2>"$work/$2.err") || out+=$'\n'"broke off: $(head -c 200 "$work/$2.err")"
    "$bin/dropdb" -f "$2"
    out=$(grep -vE '^(ok .*)?$' <<<"$out") || return 0
    echo "$(basename "$1" .sql): ${out%%$'\n'*}"
    return 1
}

# Writes "killed …", "SURVIVED …" or "broken …" to a file of its own.
try() { # <number> <name> <table> <statement> <undo>
    local story found= status=0
    for story in $(stories_for "$2" "$3"); do
        found=$(holds "$story" "mutant_$1" "$4") || { status=$?; break; }
    done
    [ -z "$5" ] || psql -Xq -c "$5"
    case $status in
        0) echo "SURVIVED $2" ;;
        1) echo "killed $2 by $found" ;;
        *) echo "broken $2 $found" ;;
    esac >"$work/verdict.$1"
}

# The stories whose checks are made again without the rules they are about: mutants.mjs.
quick_stories=$(cd "$here" && ls *.sql | sed 's:\.sql$::' | grep -v '^killed$')

# One story told once, with the mutants that its checks are about; nothing when there are none.
try_in_story() { # <story> <numbered mutants>
    local mark=$work/quick_$1
    node "$here/support/mutants.mjs" script "$here/$1.sql" "$2" >"$mark.sql"
    grep -q '^.echo @mutant' "$mark.sql" || return 0
    copy_database xuqi "quick_$1"
    if ! PGDATABASE=quick_$1 PATH="$here/support:$PATH" STORY_ROOT=$root psql -X -q -A -t -v ON_ERROR_STOP=1 -f "$mark.sql" >"$mark.out" 2>"$mark.err"; then
        echo "0"$'\t'"broke off: $(tail -n 3 "$mark.err")" >"$mark.killed"
    else
        node "$here/support/mutants.mjs" verdicts "$here/$1.sql" "$2" <"$mark.out" >"$mark.killed"
    fi
    "$bin/dropdb" -f "quick_$1"
}

# Numbered mutants of a file; writes the verdicts of those that the checks themselves kill. Only stories whose checks are about
# one of them are told, some side by side.
try_quickly() { # <numbered mutants> [how many side by side]
    local story number fact name
    rm -f "$work"/quick_*
    for story in $quick_stories; do
        [ "$(jobs -rp | wc -l)" -lt "${2:-1}" ] || wait -n || true
        try_in_story "$story" "$1" &
    done
    wait
    for story in $quick_stories; do
        [ -e "$work/quick_$story.killed" ] || continue
        while IFS=$'\t' read -r number fact; do
            [ -n "$number" ] || continue
            [ "$number" != 0 ] || { echo "$story does not hold without any mutation: $fact" >&2; exit 2; }
            name=$(awk -F '\t' -v number="$number" '$1 == number { print $2 }' "$1")
            [ -e "$work/verdict.$number" ] || echo "killed $name by $story: $fact" >"$work/verdict.$number"
        done <"$work/quick_$story.killed"
    done
}

# Tries the mutants of a file, some side by side; those that change roles of the whole cluster alone, at the end.
try_all() { # <how many side by side> <mutants>
    local number name table statement undo left=0
    awk -F '\t' -v OFS='\t' '{ print NR, $0 }' "$2" >"$work/numbered"
    try_quickly "$work/numbered" "$1"
    while IFS=$'\t' read -r number name table statement undo; do
        if [ -e "$work/verdict.$number" ] || [ -n "$undo" ]; then continue; fi
        left=$((left + 1))
        [ "$(jobs -rp | wc -l)" -lt "$1" ] || wait -n || true
        try "$number" "$name" "$table" "$statement" "" &
    done <"$work/numbered"
    wait
    while IFS=$'\t' read -r number name table statement undo; do
        [ -z "$undo" ] || try "$number" "$name" "$table" "$statement" "$undo"
    done <"$work/numbered"
    echo "$left were left to whole stories"
}
