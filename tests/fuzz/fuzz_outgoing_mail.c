/* What an agent types must come out of a mail as it went in, and never as a header. The input is subject, name, file name
 * and text, with NULs between. */
#include "channel_fuzz.h"

static const char *next_text(struct arena *a, const uint8_t **data, size_t *size)
{
    const uint8_t *end = memchr(*data, 0, *size);
    size_t n = end ? (size_t)(end - *data) : *size;
    const char *text = utf8_clean(a, (const char *)*data, n, 0);
    *data += end ? n + 1 : n;
    *size -= end ? n + 1 : n;
    return text;
}

static size_t count_headers(const char *raw, const char *name)
{
    size_t n = 0;
    const char *end = strstr(raw, "\r\n\r\n");
    for (const char *p = raw; (p = strstr(p, name)) != NULL && p < end; p++)
        n += p == raw || p[-1] == '\n';
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_ARENA struct arena *a = arena_new();
    const char *subject = next_text(a, &data, &size), *name = next_text(a, &data, &size);
    struct attachment file = {.name = next_text(a, &data, &size), .type = "text/plain", .size = 1, .data = "x"};
    file.cid = file.name;
    const char *text = next_text(a, &data, &size);
    while (strncmp(text, "\xef\xbb\xbf", 3) == 0) /* a byte order mark is no text, and is dropped when it is read */
        text += 3;
    struct mime_address ann = {name, "ann@example.com"};
    struct mime_draft draft = {.from = {name, "help@shop.example"},
                               .to = {&ann, 1},
                               .subject = subject,
                               .date = FUZZ_NOW,
                               .message_id = "<m@shop.example>",
                               .in_reply_to = subject,
                               .references = name,
                               .text = text,
                               .attachments = {&file, 1}};
    size_t n;
    const char *raw = mime_build(&draft, a, &n);
    for (size_t i = 0; i < n; i++)
        MUST(raw[i] && !(raw[i] & 0x80) && (raw[i] != '\n' || (i && raw[i - 1] == '\r')));
    static const char *const ONCE[] = {
        "From:", "To:", "Subject:", "Date:", "Message-Id:", "MIME-Version:", "Content-Type:"};
    for (size_t i = 0; i < COUNT_OF(ONCE); i++)
        MUST(count_headers(raw, ONCE[i]) <= 1);
    MUST(count_headers(raw, "Bcc:") == 0 && count_headers(raw, "Cc:") == 0);
    struct mime_mail mail;
    mime_parse(raw, n, a, &mail);
    size_t len = strlen(text);
    MUST(text_is_blank(text) || strncmp(mail.text, text, len) == 0 || len > MIME_TEXT_MAX / 2);
    MUST(mail.attachments.n == 1);
    return 0;
}
