/* Mail as it is on the wire (RFC 5322, 2045–2049, 2231, 3676): out by GMime 3, in by
 * hand, since most of what is hard to read keeps to no grammar. Charsets are charset.h's.
 * Every function may be called from any thread. */
#pragma once

#include "base/field.h"
#include "base/mem.h"
#include "channel/inbound.h"

#include <stdbool.h>

/* Limits on what a stranger can make us do. Nothing beyond them is lost: it is attached as it came, and `cut` says so. */
#define MIME_FIELDS_MAX 1000       /* header fields of one mail */
#define MIME_PARTS_MAX 500         /* parts of one mail */
#define MIME_DEPTH_MAX 20          /* multiparts within one another; a mail within a mail is not taken apart at all */
#define MIME_TEXT_MAX (1 << 20)    /* bytes of text */
#define MIME_HTML_MAX (4 << 20)    /* bytes of HTML */
#define MIME_ADDRESSES_MAX 100     /* of one header */
#define MIME_REFERENCES_MAX 50     /* the nearest ones */
#define MIME_HEADER_MAX (64 << 10) /* bytes of one header that are looked at */
#define MIME_PARAMS_MAX 100        /* parameters of one header */
#define MIME_PARAMS_BYTES_MAX (16 << 10)
#define MIME_WORD_MAX 4096 /* bytes of one encoded word (RFC 2047 allows 75) */

/* Bytes of the mail; `at` NULL: not there. */
struct mime_bytes {
    const char *at;
    size_t n;
};

struct mime_address {
    const char *name;    /* or NULL */
    const char *address; /* as it was written; NULL: there is none */
};

/* A signature and what it is of, in the bytes that were signed, but for line breaks: RFC 8551 §3.1.1 and RFC 3156 §5 want CRLF. */
enum mime_signed_how {
    SIGNED_NOT,
    SIGNED_SMIME,        /* multipart/signed: `signature` is a CMS SignedData of `content` (RFC 8551 §3.5.3) */
    SIGNED_SMIME_AROUND, /* application/pkcs7-mime: the SignedData holds what is signed (RFC 8551 §3.5.2) */
    SIGNED_PGP,          /* multipart/signed (RFC 3156 §5) */
    SIGNED_PGP_TEXT,     /* `signature` is the text in its armour (RFC 9580 §7) */
};

struct mime_signed {
    enum mime_signed_how how;
    struct mime_bytes content, signature;
};

/* What a delivery status notification (RFC 3464) says of one mail of ours. */
struct mime_report {
    const char *action;     /* lower case: "failed", "delayed", "delivered"…; NULL: this mail is no report */
    const char *message_id; /* of the mail it is about, or NULL */
    const char *recipient;
    const char *reason; /* status and the remote server's words */
};

struct mime_mail {
    const char *message_id;   /* "<…>", or NULL */
    struct list references;   /* const char *, "<…>": In-Reply-To, then References, nearest first */
    const char *thread_index; /* as Exchange writes it (channel/mail_thread.h), or NULL */
    struct mime_address from, sender, reply_to, return_path;
    struct mime_address list_post;                      /* where a list is written to (RFC 2369), or none … */
    struct mime_address original_from, original_sender; /* … and whom it names as the author, where From is its own */
    struct list to, cc;                                 /* struct mime_address */
    const char *subject;
    int64_t date;                  /* 0: none, or not understood */
    int64_t received;              /* the date of the newest Received header, or 0 */
    const char *text;              /* of HTML-only mail, too; never NULL */
    const char *html;              /* as sent, in UTF-8; or NULL */
    struct list attachments;       /* struct attachment with data */
    bool automatic;                /* written by a program (RFC 3834), or by a list */
    bool auto_submitted;           /* it says that no person sent it (RFC 3834) … */
    bool auto_reply;               /* … and that it answers a mail: somebody is out of the office */
    bool from_list;                /* sent on by a mailing list */
    bool null_sender;              /* Return-Path: <> */
    const char *failed_recipients; /* X-Failed-Recipients (Exim): the first of them, or NULL */
    const char *returned_id;       /* Message-ID of the mail, or header, that it brings along; or NULL */
    struct list auth_results;      /* const char *: values of Authentication-Results, newest first */
    const char *told_results;      /* mime_tell_result: such results from outside the mail, or NULL */
    struct list delivered_to;      /* const char *: Delivered-To: the addresses it was handed over for, newest first */
    struct mime_report report;     /* as a part of the mail has it; see mime_report_of */
    bool is_report;                /* the mail itself is one (RFC 6522) */
    const char *calendar;          /* of an invitation: JSON text (mime_calendar.h); or NULL */
    int secure;                    /* enum mime_secure */
    struct mime_signed signed_all; /* the signature that covers all that is shown of the mail; or none */
    bool cut;                      /* some of it was beyond the limits and left out */
    const char *head_only;         /* why nothing but its head has come, as a saying; or NULL */
};

/* Once; implied by every other function here. */
void mime_init(void);

/* Whether what only adds to a mail is read: winmail.dat, an invitation, the signature around a mail. At first it is. For a process that
 * takes one input at a time, when another has died of it: what is not read is attached as it came, and the words are there. */
void mime_read_extras(bool yes);

/* Always gives something: whatever cannot be understood is text. An mbox "From " line, bare LF, 8-bit headers and a
 * missing final newline are taken in stride. */
void mime_parse(const char *raw, size_t n, struct arena *a, struct mime_mail *ret);

/* The same from single headers, for providers that take the mail apart. `name` in any case; of headers that may be there
 * once the first counts. */
void mime_add_header(struct mime_mail *mail, struct arena *a, const char *name, const char *value);

/* "Mon, 16 Nov 2026 10:00:00 +0900" (RFC 5322), and as programs write it otherwise. False leaves *ret alone. */
bool mime_date(const char *text, int64_t *ret);

/* Whether mime_add_header takes something from a header of that name. */
bool mime_knows_header(const char *name);

/* Marks as inline only those files that the HTML shows by their Content-ID: the others are to be listed. */
void mime_list_files(struct mime_mail *mail, struct arena *a);

/* True when the mail is a report on another, by a mail server and not by a person who sends one on; *ret with a message_id
 * then. Also reports in a mail server's own words. */
bool mime_report_of(const struct mime_mail *mail, struct arena *a, struct mime_report *ret);
bool mime_is_from_server(const struct mime_mail *mail); /* written by a mail server itself, whatever about */

/* A header on one line. */
const char *mime_unfold(struct arena *a, const char *value);

/* An unstructured header's text: encoded words decoded, on one line. */
const char *mime_header_text(struct arena *a, const char *value);

/* The mailboxes of a header as struct mime_address, groups made flat. */
struct list mime_addresses(struct arena *a, const char *value);

/* A parameter of Content-Type ("name") or Content-Disposition ("filename"), decoded whichever way it was written
 * (RFC 2231, RFC 2047, raw bytes); NULL when it is not there. `value` is the header's. */
const char *mime_param(struct arena *a, const char *value, const char *name);

/* The message ids of a header, "<…>", in the order they stand there. */
struct list mime_ids(struct arena *a, const char *value);

/* What was found of the From address. */
enum mime_auth { MIME_AUTH_NONE, MIME_AUTH_PASS, MIME_AUTH_FAIL };

/* The sum, and what each method found in the words of RFC 8601 §2.7 ("pass", "softfail" …); NULL: nobody who is trusted says. */
struct mime_verdict {
    enum mime_auth auth;
    const char *spf, *dkim, *dmarc;
};

/* One way for all who are trusted: the Authentication-Results (RFC 8601) of our own mail server, which is `authserv_id` ("" is
 * nobody), and what a provider has told besides the mail (mime_tell_result). Pass is dmarc=pass with header.from, or dkim=pass of the From domain or
 * one above; SPF alone proves nothing of the From address, and is only told. */
struct mime_verdict mime_verdict_of(const struct mime_mail *mail, const char *authserv_id);

/* Adds what a provider says itself of the sender, in a call that is certainly its own: the method ("dkim"), its result, and for
 * what ("header.d", "example.com"). A result that is none of the RFC's adds nothing; a value that is no token is left out. */
void mime_tell_result(struct mime_mail *mail, struct arena *a, const char *method, const char *result,
                      const char *property, const char *value);

/* The address that it was handed over for, as the envelope or a provider says: before those that the mail itself names. NULL and
 * blanks add nothing. */
void mime_deliver_to(struct mime_mail *mail, struct arena *a, const char *address);

/* A mail to be sent. Line breaks in any of these cannot become headers. */
struct mime_draft {
    struct mime_address from;
    struct list to, cc; /* struct mime_address */
    const char *subject;
    int64_t date;
    const char *message_id;   /* "<…>" */
    const char *in_reply_to;  /* "<…>", or NULL */
    const char *references;   /* the header's value, or NULL */
    const char *reply_to;     /* an address, or NULL: that of `from` */
    const char *thread_index; /* or NULL */
    const char *text;
    const char *html;        /* the same with its marks, or NULL */
    struct list attachments; /* struct attachment with data */
    struct list marks;       /* struct send_header: a provider's own, plain words of ours */
};

/* The headers by which it is found, answered and counted, by whatever way it leaves: struct send_header, the marks among them. */
struct list mime_sent_headers(struct arena *a, const struct mime_draft *draft);

/* Whether the HTML shows it in its place; other files stand beside the text. */
bool mime_is_in_text(const struct mime_draft *draft, const struct attachment *file);

/* The bytes with CRLF line ends, in the arena. */
const char *mime_build(const struct mime_draft *draft, struct arena *a, size_t *ret_n);
