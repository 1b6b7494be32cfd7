#!/bin/sh
# cmocka.sh NAME PROGRAM…: what ctest runs. Under ./dev test (RESULTS is set) the program writes its results as XML, a
# file for each group of tests; run by hand it speaks plainly.
name=$1
shift
if [ -n "$RESULTS" ]; then
    export CMOCKA_MESSAGE_OUTPUT=xml CMOCKA_XML_FILE="$RESULTS/xml/$name-%g.xml"
fi
exec "$@"
