#!/bin/sh
podcli check http "$DATABASE_REPLICA_ADDRESS/readyz" || exit 1
for step in $(seq "$ROLLUP_STEPS"); do sleep 10; echo "$step of $ROLLUP_STEPS"; done
