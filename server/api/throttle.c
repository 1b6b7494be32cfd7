#include "api/throttle.h"

#include "base/mem.h"

#include <pthread.h>
#include <stdio.h>

#define ROWS 4096
#define KEY_SIZE 96

static struct row {
    char key[KEY_SIZE]; /* kind, colon, text: "a:<address>", "n:<account>", "u:<address>", "m:<visitor>" */
    int64_t since;
    int64_t failures; /* or what was spent */
} rows[ROWS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void key_of(char *out, char kind, const char *text)
{
    snprintf(out, KEY_SIZE, "%c:%s", kind, text ? text : "");
}

/* The row of a key; with `make`, one that is free, lapsed or oldest. */
static struct row *find(const char *key, int64_t now, bool make)
{
    struct row *oldest = &rows[0];
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].key, key) == 0 && now - rows[i].since < THROTTLE_WINDOW_MS)
            return &rows[i];
        if (rows[i].since < oldest->since)
            oldest = &rows[i];
    }
    if (!make)
        return NULL;
    *oldest = (struct row){.since = now};
    memcpy(oldest->key, key, KEY_SIZE);
    return oldest;
}

static bool below(char kind, const char *text, int limit, int64_t now)
{
    char key[KEY_SIZE];
    key_of(key, kind, text);
    const struct row *row = find(key, now, false);
    return !row || row->failures < limit;
}

bool throttle_allows(const char *address, const char *account, int64_t now)
{
    pthread_mutex_lock(&lock);
    bool allows = below('a', address, THROTTLE_PER_ADDRESS, now) && below('n', account, THROTTLE_PER_ACCOUNT, now);
    pthread_mutex_unlock(&lock);
    return allows;
}

void throttle_failed(const char *address, const char *account, int64_t now)
{
    char key[KEY_SIZE] = {0};
    pthread_mutex_lock(&lock);
    key_of(key, 'a', address);
    find(key, now, true)->failures++;
    key_of(key, 'n', account);
    find(key, now, true)->failures++;
    pthread_mutex_unlock(&lock);
}

void throttle_succeeded(const char *account)
{
    char key[KEY_SIZE] = {0};
    key_of(key, 'n', account);
    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < ROWS; i++)
        if (strcmp(rows[i].key, key) == 0)
            rows[i] = (struct row){.since = 0};
    pthread_mutex_unlock(&lock);
}

bool throttle_spend(char kind, const char *key_text, int64_t amount, int64_t limit, int64_t now)
{
    char key[KEY_SIZE] = {0};
    key_of(key, kind, key_text);
    pthread_mutex_lock(&lock);
    struct row *row = find(key, now, true);
    bool fits = row->failures + amount <= limit;
    if (fits)
        row->failures += amount;
    pthread_mutex_unlock(&lock);
    return fits;
}

void throttle_reset(void)
{
    pthread_mutex_lock(&lock);
    memset(rows, 0, sizeof(rows));
    pthread_mutex_unlock(&lock);
}
