/* All readers of the log (task/reader.h), and the thread on which they run: one after the other, woken by what is committed here. To add
 * one: its two functions, and a row in the table. */
#pragma once

#include "task/reader.h"

enum reader_kind { READER_CONTACT_DAYS, READERS_ };

extern const struct reader_type READERS[];
extern struct reader_metrics reader_metrics[READERS_];

struct log_readers;

struct log_readers *log_readers_start(const struct desk *desk, const struct db_config *config, changes_publish *publish,
                                      void *context);
void log_readers_wake(struct log_readers *r); /* something was committed here: from any thread; takes NULL */
void log_readers_stop(struct log_readers *r); /* after the step under way; takes NULL */
