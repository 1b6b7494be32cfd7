#include "api/throttle.h"

#include "base/crypto.h"
#include "base/mem.h"

#include <pthread.h>
#include <string.h>

#define ROWS 4
#define CELLS 4096 /* of a row; a power of two */
#define SEED_SIZE 16
#define KEY_MAX 128

struct sketch {
    pthread_mutex_t lock;
    int64_t window; /* which one is counted */
    int64_t cells[ROWS][CELLS];
};

static struct sketch sketches[THROTTLE_KINDS] = {[0 ... THROTTLE_KINDS - 1] = {.lock = PTHREAD_MUTEX_INITIALIZER}};
static uint8_t seed[SEED_SIZE];
static pthread_once_t seeded = PTHREAD_ONCE_INIT;

static void make_seed(void)
{
    crypto_random(seed, sizeof(seed));
}

static int64_t window_ms(enum throttle_kind kind)
{
    static const int64_t OTHERS[THROTTLE_KINDS] = {[THROTTLE_SEARCHES] = THROTTLE_SEARCH_WINDOW_MS,
                                                   [THROTTLE_TYPING] = THROTTLE_SIGNS_WINDOW_MS,
                                                   [THROTTLE_SEEN] = THROTTLE_SIGNS_WINDOW_MS};
    return OTHERS[kind] ? OTHERS[kind] : THROTTLE_WINDOW_MS;
}

/* Nobody who does not know the seed can tell which keys meet. */
static void cells_of(struct sketch *s, const char *key, int64_t *ret[ROWS])
{
    uint8_t text[SEED_SIZE + KEY_MAX], digest[SHA256_SIZE];
    size_t n = strnlen(key, KEY_MAX);
    memcpy(text, seed, SEED_SIZE);
    memcpy(text + SEED_SIZE, key, n);
    crypto_sha256(text, SEED_SIZE + n, digest);
    for (size_t row = 0; row < ROWS; row++) {
        uint32_t h;
        memcpy(&h, digest + row * sizeof(h), sizeof(h));
        ret[row] = &s->cells[row][h % CELLS];
    }
}

static bool spend_token(struct sketch *s, const char *key, int64_t amount, int64_t limit)
{
    int64_t *cells[ROWS], least = INT64_MAX;
    cells_of(s, key, cells);
    for (size_t row = 0; row < ROWS; row++)
        least = *cells[row] < least ? *cells[row] : least;
    if (least + amount > limit)
        return false;
    for (size_t row = 0; row < ROWS; row++)
        *cells[row] += amount;
    return true;
}

bool throttle_spend(enum throttle_kind kind, const char *key, int64_t amount, int64_t limit, int64_t now,
                    int64_t *ret_wait_ms)
{
    struct sketch *s = &sketches[kind];
    int64_t length = window_ms(kind), window = now / length;
    pthread_once(&seeded, make_seed);
    pthread_mutex_lock(&s->lock);
    if (window != s->window) {
        memset(s->cells, 0, sizeof(s->cells));
        s->window = window;
    }
    bool fits = spend_token(s, key ? key : "", amount, limit);
    pthread_mutex_unlock(&s->lock);
    if (!fits && ret_wait_ms)
        *ret_wait_ms = (window + 1) * length - now;
    return fits;
}

void throttle_reset(void)
{
    for (size_t i = 0; i < THROTTLE_KINDS; i++) {
        pthread_mutex_lock(&sketches[i].lock);
        memset(sketches[i].cells, 0, sizeof(sketches[i].cells));
        pthread_mutex_unlock(&sketches[i].lock);
    }
}
