/* What an IMAP server says. However it comes in pieces, a response ends at the same place; and all that is read of it lies within. */
#include "base/mem.h"
#include "collect/imap_read.h"

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)
#define RESPONSE_MAX 100000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_value(const struct imap_value *v, const char *bytes, size_t n)
{
    bool has = v->token == IMAP_ATOM || v->token == IMAP_TEXT;
    MUST(!has || (v->data >= bytes && v->data + v->n <= bytes + n));
}

static void check_response(const char *bytes, size_t n)
{
    AUTO_ARENA struct arena *a = arena_new();
    struct imap_response r;
    struct imap_mail mail;
    struct imap_folder folder;
    if (!imap_response(bytes, n, a, &r))
        return;
    MUST(r.status == IMAP_DATA || r.words);
    (void)imap_code_number(&r, "UIDNEXT");
    if (!r.rest.at)
        return;
    imap_fetched(r.rest, a, &mail);
    MUST(!mail.content || (mail.content >= bytes && mail.content + mail.content_n <= bytes + n));
    if (imap_listed(r.rest, a, &folder))
        MUST(folder.name[0]);
    struct imap_scan s = r.rest;
    size_t tokens = 0;
    for (struct imap_value v = imap_next(&s); v.token != IMAP_END; v = imap_next(&s)) {
        check_value(&v, bytes, n);
        (void)imap_text(a, &v);
        MUST(++tokens <= n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    size_t whole_n = 0, piece_n = 0, come = 0;
    struct imap_frame whole = {0}, pieces = {0};
    enum imap_frame_state end = imap_frame(&whole, bytes, size, RESPONSE_MAX, &whole_n), piece = IMAP_FRAME_MORE;
    while (piece == IMAP_FRAME_MORE && come < size)
        piece = imap_frame(&pieces, bytes, ++come, RESPONSE_MAX, &piece_n);
    MUST(size == 0 || piece == end);
    if (end != IMAP_FRAME_WHOLE)
        return 0;
    MUST(whole_n == piece_n && whole_n <= size && whole_n <= RESPONSE_MAX && bytes[whole_n - 1] == '\n');
    check_response(bytes, whole_n);
    return 0;
}
