/* A closed-loop load generator for plain HTTP/1.1 GETs over connections that stay open.
 *
 * One thread, one epoll. Each of `connections` sockets keeps one request on its way; an answer
 * makes the next. The request is "GET <path>", in which the first run of '#' is replaced by so
 * many decimal digits of a number drawn uniformly below `records`. Everything is bounded: it
 * ends after warmup + seconds, whatever happens.
 *
 *   http host port connections seconds warmup cpu status path records
 *
 * An answer counts if its status is `status`; with '#' in the path and status 200 its body must
 * hold the digits that were asked for. Prints one line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_CONNECTIONS 1024
#define MAX_REQUEST 1024
#define MAX_ANSWER 65536
#define SLOTS 1000000 /* the histogram: microseconds up to one second */

typedef struct {
  int fd;
  uint64_t sent_at;
  char digits[32];
  size_t held;
  char in[MAX_ANSWER + 1];
} Connection;

static Connection *all;
static uint32_t histogram[SLOTS + 1];
static char head[MAX_REQUEST], tail[MAX_REQUEST];
static size_t head_bytes, tail_bytes, width;
static uint64_t records, state = 88172645463325252ull;
static uint64_t answered, wrong, received_bytes;
static int measuring, status_;

static uint64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (uint64_t)t.tv_sec * 1000000000ull + (uint64_t)t.tv_nsec;
}

static uint64_t draw(void) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (state * 2685821657736338717ull) >> 11;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void send_next(Connection *c) {
  char out[2 * MAX_REQUEST + 32];
  uint64_t key = records ? draw() % records : 0;
  for (size_t i = width; i-- > 0; key /= 10) c->digits[i] = (char)('0' + key % 10);
  memcpy(out, head, head_bytes);
  memcpy(out + head_bytes, c->digits, width);
  memcpy(out + head_bytes + width, tail, tail_bytes);
  size_t bytes = head_bytes + width + tail_bytes;
  c->sent_at = now_ns();
  c->held = 0;
  /* One request of some hundred bytes always fits into an empty send buffer. */
  if (send(c->fd, out, bytes, MSG_NOSIGNAL) != (ssize_t)bytes) fail("send");
}

/* Return whether the answer is whole; judge it if it is. */
static int whole(Connection *c) {
  c->in[c->held] = 0;
  char *end = strstr(c->in, "\r\n\r\n");
  if (!end) return 0;
  size_t body = (size_t)(end - c->in) + 4, length = 0;
  int has_length = 0;
  for (char *line = strstr(c->in, "\r\n"); line && line < end; line = strstr(line + 2, "\r\n"))
    if (!strncasecmp(line + 2, "content-length:", 15)) {
      length = strtoul(line + 17, NULL, 10);
      has_length = 1;
    }
  if (!has_length) {
    fprintf(stderr, "an answer without a length: %.200s\n", c->in);
    exit(1);
  }
  if (c->held < body + length) return 0;
  int good = c->held == body + length && atoi(c->in + 9) == status_;
  if (good && width && status_ == 200) good = memmem(end, length + 4, c->digits, width) != NULL;
  if (!good) wrong++;
  return 1;
}

static void receive(Connection *c) {
  ssize_t got = recv(c->fd, c->in + c->held, MAX_ANSWER - c->held, 0);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (got <= 0) fail("recv");
  c->held += (size_t)got;
  if (!whole(c)) {
    if (c->held == MAX_ANSWER) fail("an answer too long");
    return;
  }
  if (measuring) {
    uint64_t us = (now_ns() - c->sent_at) / 1000;
    histogram[us < SLOTS ? us : SLOTS]++;
    answered++;
    received_bytes += c->held;
  }
  send_next(c);
}

static double quantile(double part) {
  uint64_t wanted = (uint64_t)((double)answered * part), seen = 0;
  for (size_t us = 0; us <= SLOTS; us++)
    if ((seen += histogram[us]) > wanted) return (double)us;
  return (double)SLOTS;
}

int main(int argc, char **argv) {
  if (argc != 10) {
    fprintf(stderr, "usage: http host port connections seconds warmup cpu status path records\n");
    return 2;
  }
  int connections = atoi(argv[3]), cpu = atoi(argv[6]);
  double seconds = atof(argv[4]), warmup = atof(argv[5]);
  status_ = atoi(argv[7]);
  const char *path = argv[8], *mark = strchr(path, '#');
  records = strtoull(argv[9], NULL, 10);
  if (connections < 1 || connections > MAX_CONNECTIONS || strlen(path) > MAX_REQUEST / 2) return 2;
  if (mark) width = strspn(mark, "#");
  if (width > 20) return 2;
  head_bytes = (size_t)snprintf(head, sizeof head, "GET %.*s",
                                (int)(mark ? (size_t)(mark - path) : strlen(path)), path);
  tail_bytes = (size_t)snprintf(tail, sizeof tail, "%s HTTP/1.1\r\nHost: %s:%s\r\nAccept: */*\r\n\r\n",
                                mark ? mark + width : "", argv[1], argv[2]);
  if (cpu >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)cpu, &set);
    if (sched_setaffinity(0, sizeof set, &set)) fail("sched_setaffinity");
  }
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[2]))};
  if (inet_pton(AF_INET, argv[1], &to.sin_addr) != 1) return 2;
  int poll = epoll_create1(0), on = 1;
  all = calloc((size_t)connections, sizeof *all);
  if (poll < 0 || !all) fail("epoll_create1");
  for (int i = 0; i < connections; i++) {
    Connection *c = &all[i];
    if ((c->fd = socket(AF_INET, SOCK_STREAM, 0)) < 0) fail("socket");
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to)) fail("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event)) fail("epoll_ctl");
    send_next(c);
  }
  uint64_t begin = now_ns() + (uint64_t)(warmup * 1e9), end = begin + (uint64_t)(seconds * 1e9), at;
  struct epoll_event events[256];
  while ((at = now_ns()) < end) {
    measuring = at >= begin;
    int ready = epoll_wait(poll, events, 256, 50);
    for (int i = 0; i < ready; i++) receive(events[i].data.ptr);
  }
  double took = (double)(at - begin) / 1e9;
  printf("{\"answers\":%llu,\"per_second\":%.1f,\"wrong\":%llu,\"p50_us\":%.0f,\"p99_us\":%.0f,"
         "\"bytes\":%.1f}\n",
         (unsigned long long)answered, (double)answered / took, (unsigned long long)wrong,
         quantile(0.5), quantile(0.99), answered ? (double)received_bytes / (double)answered : 0);
  return 0;
}
