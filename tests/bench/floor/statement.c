/* The floor of a reading call: its prepared statement alone, one after the other, by Connector/C, all columns fetched as text.
 *
 *   statement SOCKET DATABASE   commands on standard input, each answered with one line:
 *   prepare SQL                 "prepared PARAMETERS"
 *   run FILE                    once for each line of the file: its parameters, separated by blanks, a number or, for
 *                               binary, x and hexadecimal digits; "ran N P50_US P95_US ROWS" */
#include <mariadb/mysql.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PARAMETERS_MAX 64
#define COLUMNS_MAX 64
#define COLUMN_SIZE 65536
#define RUNS_MAX 100000

static MYSQL *db;
static MYSQL_STMT *statement;
static MYSQL_BIND parameters[PARAMETERS_MAX], columns[COLUMNS_MAX];
static unsigned long lengths[COLUMNS_MAX];
static int64_t numbers[PARAMETERS_MAX];
static unsigned char binaries[PARAMETERS_MAX][32];
static double times[RUNS_MAX];

static double now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static int compare(const void *x, const void *y)
{
    double a = *(const double *)x, b = *(const double *)y;
    return (a > b) - (a < b);
}

static bool prepare(const char *sql)
{
    if (statement)
        mysql_stmt_close(statement);
    statement = mysql_stmt_init(db);
    return mysql_stmt_prepare(statement, sql, strlen(sql)) == 0;
}

static void read_parameter(unsigned i, const char *word)
{
    if (word[0] != 'x') {
        numbers[i] = strtoll(word, NULL, 10);
        parameters[i] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG, .buffer = &numbers[i]};
        return;
    }
    unsigned long n = 0;
    for (unsigned byte; n < sizeof(binaries[i]) && sscanf(word + 1 + 2 * n, "%2x", &byte) == 1; n++)
        binaries[i][n] = (unsigned char)byte;
    parameters[i] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_BLOB, .buffer = binaries[i], .buffer_length = n};
}

/* The rows of one execution; -1: it failed. */
static long execute(void)
{
    long rows = 0;
    if (mysql_stmt_bind_param(statement, parameters) || mysql_stmt_execute(statement) ||
        mysql_stmt_bind_result(statement, columns) || mysql_stmt_store_result(statement))
        return -1;
    for (int fetched; (fetched = mysql_stmt_fetch(statement)) != MYSQL_NO_DATA; rows++)
        if (fetched == 1)
            return -1;
    mysql_stmt_free_result(statement);
    return rows;
}

static void run(const char *path)
{
    static char line[4096];
    FILE *file = fopen(path, "r");
    size_t n = 0;
    long rows = 0, got = 0;
    while (file && n < RUNS_MAX && got >= 0 && fgets(line, sizeof(line), file)) {
        unsigned i = 0;
        for (char *word = strtok(line, " \n"); word && i < PARAMETERS_MAX; word = strtok(NULL, " \n"))
            read_parameter(i++, word);
        double begun = now_us();
        got = execute();
        times[n++] = now_us() - begun;
        rows += got;
    }
    if (!file || got < 0 || n == 0) {
        printf("failed: %s\n", statement ? mysql_stmt_error(statement) : path);
    } else {
        qsort(times, n, sizeof(times[0]), compare);
        printf("ran %zu %.1f %.1f %ld\n", n, times[n / 2], times[n * 95 / 100], rows);
    }
    if (file)
        fclose(file);
}

int main(int argc, char **argv)
{
    static char line[65536], buffers[COLUMNS_MAX][COLUMN_SIZE];
    db = mysql_init(NULL);
    mysql_options(db, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (argc != 3 || !mysql_real_connect(db, NULL, "root", "", argv[2], 0, argv[1], 0)) {
        fprintf(stderr, "usage: statement SOCKET DATABASE: %s\n", mysql_error(db));
        return 2;
    }
    for (unsigned i = 0; i < COLUMNS_MAX; i++)
        columns[i] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_STRING,
                                  .buffer = buffers[i],
                                  .buffer_length = COLUMN_SIZE,
                                  .length = &lengths[i]};
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "run ", 4) == 0)
            run(line + 4);
        else if (strncmp(line, "prepare ", 8) == 0 && prepare(line + 8))
            printf("prepared %lu\n", mysql_stmt_param_count(statement));
        else
            printf("failed: %s\n", statement ? mysql_stmt_error(statement) : "prepare SQL or run FILE");
        fflush(stdout);
    }
    mysql_close(db);
    return 0;
}
