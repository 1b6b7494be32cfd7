/* Files and the virus scanner: who brings a content has it looked at, and who wants it asks whether it may be given out. Where no
 * scanner is configured nothing is looked at, and only what was found before keeps a file back. */
#pragma once

#include "channel/inbound.h"
#include "desk/ground/desk.h"
#include "store/file_scan.h"

/* Fills in what is known of these files (`scan`, `found`); what nobody has looked at yet waits. */
void scan_fill(const struct desk *desk, struct db *db, struct arena *a, struct attachment *const *files, size_t n);

/* Of these, those that wait are looked at as soon as may be: in the transaction of what refers to them. */
void scan_want(const struct desk *desk, struct db *db, struct arena *a, const struct attachment *const *files, size_t n,
               int64_t now);

/* What is said of a content that is wanted now. One that was brought before there was a scanner is looked at from now on. */
struct file_scan scan_of_wanted(const struct desk *desk, struct db *db, struct arena *a, const char *sha256,
                                int64_t now);

/* Whether it may be given out; false fills *err (by `field`, which may be NULL). */
bool scan_lets_through(const struct file_scan *scan, const char *field, struct error *err);
