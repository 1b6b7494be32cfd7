/* The log: one line an event on standard error, `time level event key=value …` (logfmt), for journald and for grep.
 * Thread-safe. Never log a secret, a message's text or a token. */
#pragma once

/* Security events are written whatever the level. */
enum log_level { LOG_SECURITY_LEVEL, LOG_ERROR_LEVEL, LOG_WARNING_LEVEL, LOG_INFO_LEVEL, LOG_DEBUG_LEVEL };

void log_set_level(enum log_level level);

/* `fmt` begins with the event in a few words, then key=value pairs. What may hold a space, or comes from elsewhere, is written
 * by log_quoted: "err=%s". Control characters become blanks; those that turn the direction of a text or end a line in some
 * viewer become \uXXXX, as JSON writes them. */
/* In quotation marks, with those within escaped; at most 1 kB. For a line of the log: four can be had at once in a thread. */
const char *log_quoted(const char *text);

void log_line(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_security(...) log_line(LOG_SECURITY_LEVEL, __VA_ARGS__)
#define log_error(...) log_line(LOG_ERROR_LEVEL, __VA_ARGS__)
#define log_warning(...) log_line(LOG_WARNING_LEVEL, __VA_ARGS__)
#define log_info(...) log_line(LOG_INFO_LEVEL, __VA_ARGS__)
#define log_debug(...) log_line(LOG_DEBUG_LEVEL, __VA_ARGS__)
