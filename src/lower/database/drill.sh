#!/bin/sh
# Restores the newest backup into a server of its own, asks it one question, and takes it away again.
#
# Ends with 0 if the answer is yes; 3 if it is, and took longer than was promised; else 1.
set -eu

: "${DRILL_NAMESPACE:?}" "${DRILL_CLUSTER:?}" "${DRILL_TIMEOUT:?}"
here=$(dirname -- "$0")

say() { printf 'drill: %s\n' "$*"; }
fail() {
  printf 'drill: FAILED: %s\n' "$*" >&2
  exit 1
}

# A shell hears a signal only when the program in front has ended, so what may last runs behind.
child=
during() {
  "$@" &
  child=$!
  wait "$child" || {
    ended=$?
    child=
    return "$ended"
  }
  child=
}

remove() {
  kubectl delete clusters.postgresql.cnpg.io "$DRILL_CLUSTER" \
    --namespace "$DRILL_NAMESPACE" --ignore-not-found --wait --timeout=5m
}

finish() {
  status=$?
  trap '' INT TERM
  trap - EXIT
  if [ -n "$child" ]; then kill "$child" 2>/dev/null || true; fi
  say "takes $DRILL_CLUSTER away"
  if ! remove; then
    printf 'drill: FAILED: %s is still there: delete it by hand\n' "$DRILL_CLUSTER" >&2
    [ "$status" -ne 0 ] || status=1
  fi
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

credential() {
  encoded=$(kubectl get secret "$DRILL_CLUSTER-app" --namespace "$DRILL_NAMESPACE" --output "jsonpath={.data.$1}")
  printf '%s' "$encoded" | base64 -d
}

say "takes away what an earlier run may have left"
during remove || fail "$DRILL_CLUSTER of an earlier run cannot be deleted"

began=$(date +%s)
kubectl create --namespace "$DRILL_NAMESPACE" --filename "$here/cluster.json" || fail "the cluster cannot be created"
if ! during kubectl wait "clusters.postgresql.cnpg.io/$DRILL_CLUSTER" \
  --namespace "$DRILL_NAMESPACE" --for=condition=Ready --timeout="${DRILL_TIMEOUT}s"; then
  phase=$(kubectl get clusters.postgresql.cnpg.io "$DRILL_CLUSTER" --namespace "$DRILL_NAMESPACE" \
    --output 'jsonpath={.status.phase}: {.status.phaseReason}') || phase='not known'
  fail "not restored within $DRILL_TIMEOUT s; its phase is $phase"
fi
restored=$(($(date +%s) - began))
say "restored after $restored s"

PGUSER=$(credential username)
PGPASSWORD=$(credential password)
export PGUSER PGPASSWORD
answer=$(psql --no-psqlrc --quiet --tuples-only --no-align --set=ON_ERROR_STOP=1 --file="$here/check.sql") ||
  fail "the question could not be asked"
took=$(($(date +%s) - began))
[ "$answer" = t ] || fail "the answer is no: this backup does not hold what it should"
say "answered yes after $took s"

if [ -n "${DRILL_LIMIT:-}" ] && [ "$took" -gt "$DRILL_LIMIT" ]; then
  printf 'drill: FAILED: took %s s, and the promise leaves %s s\n' "$took" "$DRILL_LIMIT" >&2
  exit 3
fi
