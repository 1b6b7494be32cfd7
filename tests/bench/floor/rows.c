/* The floor of ingest's database side: the rows that a text message of a known person with an open conversation leaves, and
 * no question asked before: identity, entry, conversation, journal, and one row of the change log for each
 * transaction; by array binding.
 *
 *   rows SOCKET DATABASE TRANSACTIONS MESSAGES_EACH [entry]
 *
 * `entry`: only the entry's row. The people are those who are in the database already. One line of JSON on standard output: messages, seconds, the median
 * of a transaction in microseconds, and this program's own CPU. */
#include <inttypes.h>
#include <mariadb/mysql.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <time.h>

#define BATCH_MAX 128
#define COLUMNS_MAX 24
#define PEOPLE_MAX 20000
#define UUID_SIZE 16

struct person {
    int64_t identity, conversation, version, conversation_version;
    char identity_uuid[UUID_SIZE], conversation_uuid[UUID_SIZE], value[64], name[64];
};

/* A statement with its parameters by column: numbers as an array, texts as an array of pointers. */
struct bulk {
    MYSQL_STMT *stmt;
    const char *types; /* a letter each: i number, s text, u 16 bytes */
    int64_t numbers[COLUMNS_MAX][BATCH_MAX];
    const char *texts[COLUMNS_MAX][BATCH_MAX];
    unsigned long lengths[COLUMNS_MAX][BATCH_MAX];
    char indicators[COLUMNS_MAX][BATCH_MAX];
    MYSQL_BIND binds[COLUMNS_MAX];
    unsigned rows, column;
};

static struct person people[PEOPLE_MAX];
static size_t n_people;
static MYSQL *db;
static struct bulk identity, entry, conversation, journal, feed;
static bool only_entry;

static void die(const char *what)
{
    fprintf(stderr, "rows: %s: %s\n", what, mysql_error(db));
    exit(1);
}

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static void plain(const char *sql)
{
    if (mysql_query(db, sql) != 0)
        die(sql);
}

/* ---- statements ---- */

static void prepare(struct bulk *b, const char *types, const char *sql)
{
    b->types = types;
    b->stmt = mysql_stmt_init(db);
    if (mysql_stmt_prepare(b->stmt, sql, strlen(sql)) != 0)
        die(sql);
    for (unsigned i = 0; types[i]; i++) {
        bool number = types[i] == 'i';
        b->binds[i].buffer_type = number ? MYSQL_TYPE_LONGLONG : types[i] == 'u' ? MYSQL_TYPE_BLOB : MYSQL_TYPE_STRING;
        b->binds[i].buffer = number ? (void *)b->numbers[i] : (void *)b->texts[i];
        b->binds[i].length = b->lengths[i];
        b->binds[i].u.indicator = b->indicators[i];
    }
}

static void number(struct bulk *b, int64_t value)
{
    b->numbers[b->column++][b->rows] = value;
}

static void bytes(struct bulk *b, const char *data, size_t n)
{
    b->texts[b->column][b->rows] = data ? data : "";
    b->lengths[b->column][b->rows] = data ? n : 0;
    b->indicators[b->column++][b->rows] = data ? STMT_INDICATOR_NONE : STMT_INDICATOR_NULL;
}

static void text(struct bulk *b, const char *value)
{
    bytes(b, value, value ? strlen(value) : 0);
}

static void end_row(struct bulk *b)
{
    b->column = 0;
    b->rows++;
}

static void run(struct bulk *b)
{
    if (mysql_stmt_attr_set(b->stmt, STMT_ATTR_ARRAY_SIZE, &b->rows) || mysql_stmt_bind_param(b->stmt, b->binds) ||
        mysql_stmt_execute(b->stmt)) {
        fprintf(stderr, "rows: %s\n", mysql_stmt_error(b->stmt));
        exit(1);
    }
    b->rows = 0;
}

static void prepare_all(void)
{
    prepare(&identity, "iuiisiiiisi",
            "INSERT INTO identity (id, uuid, kind, scope, value, version, first_at, last_at, last_in_at, name, proof) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE version = VALUES(version), "
            "last_at = VALUES(last_at), last_in_at = VALUES(last_in_at)");
    prepare(&entry, "iiuiiiiiiissui",
            "INSERT INTO entry (identity_id, occurred_at, id, version, conversation_id, channel_id, medium, kind, "
            "direction, author_kind, text, external_id, journal_id, received_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    prepare(
        &conversation, "iuiiiisiii",
        "INSERT INTO conversation (id, uuid, opened_by, status, last_at, created_at, preview, waiting_since, unread, "
        "version) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE last_at = VALUES(last_at), "
        "preview = VALUES(preview), unread = VALUES(unread), version = VALUES(version)");
    prepare(&journal, "uiiisssi",
            "INSERT INTO journal (id, channel_id, received_at, status, method, headers, body, body_size) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    prepare(&feed, "si", "INSERT INTO change_log (changes, made_at) VALUES (?, ?)");
}

static void read_people(void)
{
    plain("SELECT i.id, c.id, i.version, c.version, i.uuid, c.uuid, i.value, i.name FROM identity i "
          "JOIN conversation c ON c.opened_by = i.id AND c.status = 0 WHERE i.kind = 5 ORDER BY i.id LIMIT 20000");
    MYSQL_RES *rows = mysql_use_result(db);
    for (MYSQL_ROW r; n_people < PEOPLE_MAX && (r = mysql_fetch_row(rows));) {
        struct person *p = &people[n_people++];
        *p = (struct person){atoll(r[0]), atoll(r[1]), atoll(r[2]), atoll(r[3]), "", "", "", ""};
        memcpy(p->identity_uuid, r[4], UUID_SIZE);
        memcpy(p->conversation_uuid, r[5], UUID_SIZE);
        snprintf(p->value, sizeof(p->value), "%s", r[6]);
        snprintf(p->name, sizeof(p->name), "%s", r[7]);
    }
    mysql_free_result(rows);
    if (n_people < BATCH_MAX) {
        fprintf(stderr, "rows: only %zu people with an open conversation in this database\n", n_people);
        exit(1);
    }
}

/* ---- messages ---- */

/* UUIDv7, as the server makes them. */
static void new_id(char id[UUID_SIZE], int64_t ms)
{
    static uint64_t count;
    uint64_t tail = ++count * 0x9e3779b97f4a7c15ULL;
    for (int i = 0; i < 6; i++)
        id[i] = (char)(ms >> (40 - 8 * i));
    id[6] = (char)(0x70 | ((count >> 8) & 15));
    id[7] = (char)count;
    memcpy(id + 8, &tail, 8);
}

static void add_message(struct person *p, int64_t ms, unsigned i)
{
    static char ids[2][BATCH_MAX][UUID_SIZE], externals[BATCH_MAX][64], bodies[BATCH_MAX][600];
    static const char TEXT[] = "Where is my parcel? It should have been here on Tuesday.";
    static const char HEADERS[] = "{\"content-type\":\"application/json\",\"x-hub-signature-256\":\"sha256="
                                  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"}";
    static uint64_t serial;
    new_id(ids[0][i], ms);
    new_id(ids[1][i], ms);
    snprintf(externals[i], sizeof(externals[i]), "floor.%" PRId64 ".%" PRIu64, ms, ++serial);
    memset(bodies[i], 'x', 520);
    number(&identity, p->identity), bytes(&identity, p->identity_uuid, UUID_SIZE), number(&identity, 5);
    number(&identity, 0), text(&identity, p->value), number(&identity, ++p->version), number(&identity, ms);
    number(&identity, ms), number(&identity, ms), text(&identity, p->name), number(&identity, 2);
    end_row(&identity);
    number(&entry, p->identity), number(&entry, ms), bytes(&entry, ids[0][i], UUID_SIZE);
    number(&entry, only_entry ? -now_us() : p->version); /* without its identity no version is taken */
    number(&entry, p->conversation), number(&entry, 1), number(&entry, 5), number(&entry, 0), number(&entry, 0);
    number(&entry, 0), text(&entry, TEXT), text(&entry, externals[i]), bytes(&entry, ids[1][i], UUID_SIZE);
    number(&entry, ms);
    end_row(&entry);
    number(&conversation, p->conversation), bytes(&conversation, p->conversation_uuid, UUID_SIZE);
    number(&conversation, p->identity), number(&conversation, 0), number(&conversation, ms), number(&conversation, ms);
    text(&conversation, TEXT), number(&conversation, ms), number(&conversation, (int64_t)(serial % 1000));
    number(&conversation, ++p->conversation_version);
    end_row(&conversation);
    bytes(&journal, ids[1][i], UUID_SIZE), number(&journal, 1), number(&journal, ms), number(&journal, 1);
    text(&journal, "POST"), text(&journal, HEADERS), bytes(&journal, bodies[i], 520), number(&journal, 520);
    end_row(&journal);
}

static void transaction(unsigned n)
{
    static char keys[BATCH_MAX * 24];
    int64_t ms = now_us() / 1000;
    size_t first = (size_t)random() % n_people, len = 0;
    for (unsigned i = 0; i < n; i++) { /* each once, so that no two rows of a statement are the same */
        struct person *p = &people[(first + i * 7919u) % n_people];
        add_message(p, ms, i);
        len += (size_t)snprintf(keys + len, sizeof(keys) - len, "%se+%" PRId64 ":1", i ? " " : "", p->identity);
    }
    text(&feed, keys), number(&feed, ms);
    end_row(&feed);
    struct bulk *const all[] = {&identity, &entry, &conversation, &journal, &feed};
    plain("BEGIN");
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (only_entry && all[i] != &entry)
            all[i]->rows = 0;
        else
            run(all[i]);
    plain("COMMIT");
}

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

int main(int argc, char **argv)
{
    if (argc < 5 || argc > 6 || (argc == 6 && strcmp(argv[5], "entry") != 0) || atoi(argv[4]) < 1 ||
        atoi(argv[4]) > BATCH_MAX || atoi(argv[3]) < 1) {
        fprintf(stderr, "usage: rows SOCKET DATABASE TRANSACTIONS MESSAGES_EACH (1 to %d) [entry]\n", BATCH_MAX);
        return 2;
    }
    only_entry = argc == 6;
    int n = atoi(argv[3]);
    unsigned each = (unsigned)atoi(argv[4]);
    db = mysql_init(NULL);
    mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (!mysql_real_connect(db, NULL, "root", NULL, argv[2], 0, argv[1], 0))
        die("connect");
    plain("SET tx_isolation='READ-COMMITTED'");
    read_people();
    prepare_all();
    int64_t *times = calloc((size_t)n, sizeof(*times)), begun = now_us();
    for (int i = 0; i < n; i++) {
        int64_t at = now_us();
        transaction(each);
        times[i] = now_us() - at;
    }
    double seconds = (double)(now_us() - begun) / 1e6;
    qsort(times, (size_t)n, sizeof(*times), by_number);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    printf("{\"messages\":%u,\"seconds\":%.3f,\"p50_us\":%" PRId64 ",\"driver_cpu_s\":%.3f}\n", (unsigned)n * each,
           seconds, times[n / 2], cpu);
    mysql_close(db);
    return 0;
}
