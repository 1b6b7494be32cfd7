/* Heads and chunked bodies of requests. However a head comes in pieces, it ends at the same place; what is taken holds to
 * what decides the frame, and ends where llhttp sees its end too. */
#include "second_opinion.h"

#include "base/mem.h"
#include "web/http/chunk.h"
#include "web/http/head.h"
#include "web/http/path.h"

#include <stdint.h>

#define MUST(condition)   \
    do {                  \
        if (!(condition)) \
            abort();      \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_head(const struct head *h, const char *bytes, size_t size)
{
    AUTO_FREE char *path = malloc(h->path.n + 1);
    MUST(h->n_fields <= HEAD_FIELDS_MAX && size <= HEAD_SIZE_MAX && h->length >= -1);
    MUST(!(h->chunked && h->length >= 0));
    MUST(!h->chunked == !head_first(h, "transfer-encoding"));
    MUST((h->length >= 0) == (head_first(h, "content-length") != NULL));
    MUST(h->minor == 0 || head_first(h, "host"));
    MUST(!memchr(bytes, 0, size));
    for (size_t i = 0; i < h->n_fields; i++)
        MUST(h->fields[i].name.n > 0 && h->fields[i].name.at >= bytes &&
             h->fields[i].value.at + h->fields[i].value.n <= bytes + size);
    if (path_decode(h->path, path))
        MUST(strlen(path) <= h->path.n && !strstr(path, "/../"));
}

static void check_chunks(const char *bytes, size_t n)
{
    struct chunk_reader whole = {0}, single = {0};
    size_t used = 0, used_single = 0, content = 0, content_single = 0, n_data;
    const char *at;
    while (used < n && whole.place < CHUNK_OVER) {
        used += chunk_read(&whole, bytes + used, n - used, &at, &n_data);
        content += n_data;
    }
    while (used_single < n && single.place < CHUNK_OVER) {
        used_single += chunk_read(&single, bytes + used_single, 1, &at, &n_data);
        content_single += n_data;
    }
    MUST(whole.place == single.place && used == used_single && content == content_single);
}

static void check_opinions(const char *bytes, size_t n)
{
    static const size_t PIECES[] = {SIZE_MAX, 1, 7};
    struct opinion first = opinion_ours(bytes, n, SIZE_MAX);
    for (size_t i = 0; i < COUNT_OF(PIECES); i++) {
        struct opinion ours = opinion_ours(bytes, n, PIECES[i]), other = opinion_llhttp(bytes, n, PIECES[i]);
        MUST(ours.verdict == first.verdict && ours.end == first.end && ours.body == first.body);
        MUST(!opinions_differ(&ours, &other));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *bytes = (const char *)data;
    size_t at = 0, step = 0, n = 0, n_step = 0;
    struct head head;
    enum head_fault fault = head_measure(bytes, size, &at, &n), fault_step = HEAD_FINE;
    for (size_t have = 0; have <= size && fault_step == HEAD_FINE && n_step == 0; have++)
        fault_step = head_measure(bytes, have, &step, &n_step);
    MUST(fault == fault_step && n == n_step);
    check_opinions(bytes, size);
    if (fault == HEAD_FINE && n > 0 && head_read(bytes, n, &head) == HEAD_FINE) {
        check_head(&head, bytes, n);
        if (head.chunked)
            check_chunks(bytes + n, size - n);
    }
    return 0;
}
