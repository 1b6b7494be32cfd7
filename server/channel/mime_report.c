#include "channel/mime_report.h"

#include "base/buf.h"
#include "base/text.h"
#include "channel/charset.h"
#include "channel/kit.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

/* ---- fields --------------------------------------------------------------------------------------------------------- */

/* White space folded, as the field was before it was wrapped. */
static const char *one_line(struct arena *a, const char *s, size_t n)
{
    AUTO_BUF struct buf out = {0};
    for (size_t i = 0; i < n; i++) {
        bool space = isspace((unsigned char)s[i]);
        if (!space || (out.len && out.data[out.len - 1] != ' '))
            buf_putc(&out, (char)(space ? ' ' : s[i]));
    }
    return out.len ? line_cut(a, out.data, REASON_MAX) : NULL;
}

static const char *field_value(struct arena *a, const char *block, size_t n, const char *name)
{
    size_t len = strlen(name);
    const char *end = block + n;
    for (const char *p = block; p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        if ((size_t)(stop - p) > len && strncasecmp(p, name, len) == 0 && p[len] == ':') {
            while (stop < end && (stop[1] == ' ' || stop[1] == '\t')) { /* folded */
                const char *more = memchr(stop + 1, '\n', (size_t)(end - stop - 1));
                stop = more ? more : end;
            }
            return one_line(a, p + len + 1, (size_t)(stop - p) - len - 1);
        }
        p = stop + 1;
    }
    return NULL;
}

/* Up to the first empty line. */
static size_t block_length(struct mime_bytes bytes)
{
    size_t n = bytes.n < MIME_HEADER_MAX ? bytes.n : MIME_HEADER_MAX, at = 0;
    while (at < n) {
        const char *stop = memchr(bytes.at + at, '\n', n - at);
        size_t next = stop ? (size_t)(stop - bytes.at) + 1 : n;
        if (next - at <= 2 && isspace((unsigned char)bytes.at[at]))
            return at;
        at = next;
    }
    return n;
}

const char *mime_report_field(struct arena *a, struct mime_bytes bytes, const char *name)
{
    return bytes.n ? field_value(a, bytes.at, block_length(bytes), name) : NULL;
}

/* ---- RFC 3464 ------------------------------------------------------------------------------------------------------- */

/* "rfc822; ann@example.com", "smtp; 550 no such user": what stands behind the type. */
static const char *after_type(struct arena *a, const char *value)
{
    const char *semicolon = value ? strchr(value, ';') : NULL;
    return semicolon ? text_trim(a, semicolon + 1) : value;
}

static void read_report_block(struct arena *a, const char *block, size_t n, struct mime_report *report)
{
    const char *action = field_value(a, block, n, "Action");
    if (!action || (report->action && strcmp(report->action, "failed") == 0))
        return;
    const char *status = field_value(a, block, n, "Status");
    const char *words = after_type(a, field_value(a, block, n, "Diagnostic-Code"));
    const char *recipient = after_type(a, field_value(a, block, n, "Original-Recipient"));
    report->action = text_lower_ascii(a, action);
    report->recipient = recipient ? recipient : after_type(a, field_value(a, block, n, "Final-Recipient"));
    report->reason = line_cut(
        a, arena_printf(a, "%s%s%s", status ? status : "", status && words ? " " : "", words ? words : ""), REASON_MAX);
}

void mime_report_read(struct arena *a, struct mime_bytes bytes, struct mime_report *report)
{
    const char *text = charset_text(a, bytes.at, bytes.n < MIME_HEADER_MAX ? bytes.n : MIME_HEADER_MAX, NULL, 0);
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t len = end ? (size_t)(end - text) : strlen(text);
        read_report_block(a, text, len, report);
        text += len;
        text += strspn(text, "\n");
    }
}

void mime_report_is_about(struct arena *a, struct mime_mail *mail, struct mime_bytes bytes)
{
    struct list ids = mime_ids(a, mime_report_field(a, bytes, "Message-ID"));
    if (ids.n && !mail->returned_id)
        mail->returned_id = ((const char **)ids.items)[0];
}

/* ---- in a mail server's own words ----------------------------------------------------------------------------------- */

static bool holds_any(const char *text, const char *const *words)
{
    for (; text && *words; words++)
        if (strcasestr(text, *words))
            return true;
    return false;
}

/* Such addresses write for a mail server. */
static bool is_daemon(const struct mime_address *from)
{
    static const char *const NAMES[] = {"mailer-daemon", "mailerdaemon", "mail-daemon", "postmaster",
                                        "microsoftexchange"};
    for (size_t i = 0; i < COUNT_OF(NAMES); i++)
        if ((from->address && strncasecmp(from->address, NAMES[i], strlen(NAMES[i])) == 0) ||
            (!from->address && from->name && strncasecmp(from->name, NAMES[i], strlen(NAMES[i])) == 0))
            return true;
    return false;
}

static bool says_failed(const char *subject)
{
    static const char *const WORDS[] = {"undeliver",
                                        "failure",
                                        "failed",
                                        "returned mail",
                                        "returning message",
                                        "delivery status",
                                        "not delivered",
                                        "could not be delivered",
                                        "unzustellbar",
                                        "配信",
                                        "配送",
                                        NULL};
    return holds_any(subject, WORDS);
}

static bool says_late(const struct mime_mail *mail)
{
    static const char *const SUBJECTS[] = {"delayed", "(delay)", "warning: message", "warning: could not send", NULL};
    static const char *const TEXTS[] = {"has not yet been delivered",     "no action is required on your part",
                                        "will continue to be made",       "will keep trying",
                                        "this is a warning message only", NULL};
    return holds_any(mail->subject, SUBJECTS) || holds_any(mail->text, TEXTS);
}

/* "Message-ID: <…>" in the copy of the mail that the text ends with. */
static const char *id_in_text(struct arena *a, const char *text)
{
    const char *at = strcasestr(text, "\nMessage-ID:");
    if (!at)
        return NULL;
    struct list ids = mime_ids(a, arena_strndup(a, at + 12, strcspn(at + 12, "\n")));
    if (!ids.n && at[12] == '\n') /* folded */
        ids = mime_ids(a, arena_strndup(a, at + 13, strcspn(at + 13, "\n")));
    return ids.n ? ((const char **)ids.items)[0] : NULL;
}

/* The first thing with an "@" in it that the text names. */
static const char *address_in_text(struct arena *a, const char *text)
{
    static const char ENDS[] = " \t\n,;:<>()\"'[]";
    const char *at = strchr(text, '@'), *start = at;
    while (at && start > text && !strchr(ENDS, start[-1]))
        start--;
    return at ? arena_strndup(a, start, (size_t)(at - start) + strcspn(at, ENDS)) : NULL;
}

/* What stands behind the recipient, up to the next empty line. */
static const char *reason_in_text(struct arena *a, const char *text, const char *recipient)
{
    const char *at = recipient ? strcasestr(text, recipient) : NULL;
    if (at)
        at += strlen(recipient);
    else
        at = text;
    at += strspn(at, " \t\n<>:;'\"");
    const char *end = strstr(at, "\n\n");
    return one_line(a, at, end ? (size_t)(end - at) : strlen(at));
}

static bool read_own_words(const struct mime_mail *mail, struct arena *a, struct mime_report *ret)
{
    bool daemon = is_daemon(&mail->from);
    const char *id = mail->returned_id ? mail->returned_id : id_in_text(a, mail->text);
    if (!daemon && !mail->failed_recipients && (!mail->null_sender || mail->auto_reply))
        return false;
    if (!id && daemon && says_failed(mail->subject) && mail->references.n)
        id = ((const char **)mail->references.items)[0];
    if (!id)
        return false;
    const char *recipient = mail->failed_recipients ? mail->failed_recipients : address_in_text(a, mail->text);
    *ret = (struct mime_report){
        .action = says_late(mail) ? "delayed" : "failed",
        .message_id = id,
        .recipient = recipient,
        .reason = reason_in_text(a, mail->text, recipient),
    };
    return true;
}

bool mime_report_of(const struct mime_mail *mail, struct arena *a, struct mime_report *ret)
{
    if (!mail->report.action)
        return read_own_words(mail, a, ret);
    /* a person may well send on what came back to them */
    bool from_program = mail->is_report || mail->null_sender || mail->auto_submitted || is_daemon(&mail->from);
    *ret = mail->report;
    if (!ret->message_id)
        ret->message_id = mail->returned_id;
    if (!ret->message_id && mail->references.n)
        ret->message_id = ((const char **)mail->references.items)[0];
    return from_program && ret->message_id;
}

bool mime_is_from_server(const struct mime_mail *mail)
{
    return mail->is_report || mail->failed_recipients ||
           (is_daemon(&mail->from) && (mail->null_sender || mail->auto_submitted));
}
