/* A closed-loop load generator for native resolutions, and for echoes of equal packets.
 *
 * Why not Python: a generator must cost far less than what it measures. Why not an existing one:
 * none speaks length-framed binary messages with a key drawn anew for each.
 *
 * One thread, one epoll. Each of `connections` sockets keeps `depth` requests on their way; an
 * answer makes the next request. Requests are a template in which `width` decimal digits at
 * `offset` are a number drawn uniformly below `records`, and bytes 8..11 (the RequestId) are
 * numbered. Everything is bounded: it ends after `seconds`, whatever happens.
 *
 *   native udp|tcp check|echo host port connections depth seconds warmup cpu
 *          template-hex offset width records answer-bytes
 *
 * check: an answer must hold the RequestId, response code 1 and the handle that was asked for.
 * echo: an answer is answer-bytes long for each request (TCP), any datagram (UDP).
 * Prints one line of JSON.
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
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_CONNECTIONS 1024
#define MAX_DEPTH 256
#define MAX_MESSAGE 2048
#define SLOTS 1000000 /* the histogram: microseconds up to one second */
#define FINE_SLOTS 4096 /* and steps of 64 ns up to a quarter of a millisecond */
#define FINE_NS 64
#define LOST_NS 500000000ull
#define ENVELOPE 20
#define BODY 44

typedef struct {
  int fd;
  uint32_t next_id, awaited;       /* number of the next request; of the next answer (TCP) */
  uint64_t sent_at[MAX_DEPTH];     /* ns; 0: free */
  uint32_t id_of[MAX_DEPTH];
  uint64_t key_of[MAX_DEPTH];
  uint8_t *in;                     /* what has come in and is no whole message yet */
  size_t held;
  uint8_t *out;                    /* what could not be sent yet */
  size_t unsent, out_at;
} Connection;

static Connection all[MAX_CONNECTIONS];
static uint32_t histogram[SLOTS + 1], fine[FINE_SLOTS + 1];
static uint8_t template_[MAX_MESSAGE];
static size_t template_bytes, offset_, width, answer_bytes;
static uint64_t records, state = 88172645463325252ull;
static int depth, checking, measuring;
static uint64_t answered, wrong, lost, received_bytes;

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

static uint32_t u32(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void put_u32(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)(v >> 24), p[1] = (uint8_t)(v >> 16), p[2] = (uint8_t)(v >> 8), p[3] = (uint8_t)v;
}

static void digits(uint8_t *at, uint64_t key) {
  for (size_t i = width; i-- > 0; key /= 10) at[i] = (uint8_t)('0' + key % 10);
}

/* Write the next request of a connection; remember when and what. */
static void compose(Connection *c, uint8_t *to, uint64_t at) {
  uint32_t id = c->next_id++;
  size_t slot = id % (uint32_t)depth;
  memcpy(to, template_, template_bytes);
  put_u32(to + 8, id);
  c->key_of[slot] = records ? draw() % records : 0;
  if (width) digits(to + offset_, c->key_of[slot]);
  c->sent_at[slot] = at;
  c->id_of[slot] = id;
}

static void note(Connection *c, uint32_t id, const uint8_t *message, size_t bytes, uint64_t at) {
  size_t slot = id % (uint32_t)depth;
  if (c->id_of[slot] != id || !c->sent_at[slot]) return; /* late: was counted as lost */
  if (checking) {
    size_t n = u32(template_ + BODY);
    uint8_t expected[MAX_MESSAGE];
    memcpy(expected, template_ + BODY, 4 + n);
    if (width) digits(expected + (offset_ - BODY), c->key_of[slot]);
    if (bytes < BODY + 8 + n || u32(message + 8) != id || u32(message + 24) != 1 ||
        memcmp(message + BODY, expected, 4 + n) != 0)
      wrong++;
  }
  if (measuring) {
    uint64_t ns = at - c->sent_at[slot], us = ns / 1000, step = ns / FINE_NS;
    histogram[us < SLOTS ? us : SLOTS]++;
    fine[step < FINE_SLOTS ? step : FINE_SLOTS]++;
    answered++;
    received_bytes += bytes;
  }
  c->sent_at[slot] = 0;
}

/* ---- UDP ---- */

static void udp_send(Connection *c, int count) {
  static uint8_t buffers[MAX_DEPTH][MAX_MESSAGE];
  struct mmsghdr messages[MAX_DEPTH];
  struct iovec parts[MAX_DEPTH];
  uint64_t at = now_ns();
  int made = 0;
  for (int tried = 0; made < count && tried < depth; tried++) {
    if (c->sent_at[c->next_id % (uint32_t)depth]) { /* its slot still waits for an answer */
      c->next_id++;
      continue;
    }
    compose(c, buffers[made], at);
    parts[made] = (struct iovec){buffers[made], template_bytes};
    memset(&messages[made], 0, sizeof messages[made]);
    messages[made].msg_hdr.msg_iov = &parts[made];
    messages[made].msg_hdr.msg_iovlen = 1;
    made++;
  }
  for (int sent = 0; sent < made;) {
    int n = sendmmsg(c->fd, messages + sent, (unsigned)(made - sent), 0);
    if (n <= 0) break; /* what was not sent is found lost, and sent again */
    sent += n;
  }
}

static void udp_receive(Connection *c) {
  static uint8_t buffers[MAX_DEPTH][MAX_MESSAGE];
  struct mmsghdr messages[MAX_DEPTH];
  struct iovec parts[MAX_DEPTH];
  for (int i = 0; i < depth; i++) {
    parts[i] = (struct iovec){buffers[i], MAX_MESSAGE};
    memset(&messages[i], 0, sizeof messages[i]);
    messages[i].msg_hdr.msg_iov = &parts[i];
    messages[i].msg_hdr.msg_iovlen = 1;
  }
  int n = recvmmsg(c->fd, messages, (unsigned)depth, MSG_DONTWAIT, NULL);
  if (n <= 0) return;
  uint64_t at = now_ns();
  for (int i = 0; i < n; i++)
    if (messages[i].msg_len >= 12) note(c, u32(buffers[i] + 8), buffers[i], messages[i].msg_len, at);
  udp_send(c, n);
}

static void udp_find_lost(Connection *c, uint64_t at) {
  int gone = 0;
  for (int slot = 0; slot < depth; slot++)
    if (c->sent_at[slot] && at > c->sent_at[slot] + LOST_NS) {
      c->sent_at[slot] = 0;
      gone++;
    }
  lost += (uint64_t)(measuring ? gone : 0);
  if (gone) udp_send(c, gone);
}

/* ---- TCP ---- */

static void die(const char *what) {
  perror(what);
  exit(1);
}

static void tcp_flush(Connection *c) {
  while (c->unsent) {
    ssize_t n = send(c->fd, c->out + c->out_at, c->unsent, MSG_NOSIGNAL);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return; /* tried again at the next answer */
    if (n <= 0) die("send");
    c->out_at += (size_t)n;
    c->unsent -= (size_t)n;
  }
  c->out_at = 0;
}

static void tcp_send(Connection *c, int count) {
  uint64_t at = now_ns();
  if (c->out_at) {
    memmove(c->out, c->out + c->out_at, c->unsent);
    c->out_at = 0;
  }
  for (int i = 0; i < count; i++) {
    compose(c, c->out + c->unsent, at);
    c->unsent += template_bytes;
  }
  tcp_flush(c);
}

static void tcp_receive(Connection *c) {
  size_t room = (size_t)MAX_DEPTH * MAX_MESSAGE - c->held;
  ssize_t n = recv(c->fd, c->in + c->held, room, 0);
  if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (n <= 0) die("recv: the server closed the connection");
  c->held += (size_t)n;
  uint64_t at = now_ns();
  size_t from = 0;
  int done = 0;
  for (;;) {
    size_t bytes = answer_bytes;
    if (checking) {
      if (c->held - from < ENVELOPE) break;
      bytes = ENVELOPE + u32(c->in + from + 16);
      if (bytes > MAX_MESSAGE) die("an answer longer than any expected");
    }
    if (c->held - from < bytes) break;
    note(c, c->awaited++, c->in + from, bytes, at);
    from += bytes;
    done++;
  }
  memmove(c->in, c->in + from, c->held - from);
  c->held -= from;
  if (done) tcp_send(c, done);
  else tcp_flush(c);
}

static double quantile(double q) {
  uint64_t upto = (uint64_t)(q * (double)answered), seen = 0;
  for (int us = 0; us <= SLOTS; us++)
    if ((seen += histogram[us]) > upto) return us;
  return SLOTS;
}

/* The median in ns; that of the coarse histogram where it is not in the fine one. */
static double median_ns(void) {
  uint64_t seen = 0;
  for (int step = 0; step < FINE_SLOTS; step++)
    if ((seen += fine[step]) > answered / 2) return (step + 0.5) * FINE_NS;
  return quantile(0.50) * 1000;
}

int main(int argc, char **argv) {
  if (argc != 15) {
    fprintf(stderr, "usage: see the top of the source\n");
    return 2;
  }
  int tcp = !strcmp(argv[1], "tcp");
  checking = !strcmp(argv[2], "check");
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(argv[4]))};
  if (inet_pton(AF_INET, argv[3], &to.sin_addr) != 1) return 2;
  int connections = atoi(argv[5]);
  depth = atoi(argv[6]);
  double seconds = atof(argv[7]), warmup = atof(argv[8]);
  int cpu = atoi(argv[9]);
  template_bytes = strlen(argv[10]) / 2;
  if (connections < 1 || connections > MAX_CONNECTIONS || depth < 1 || depth > MAX_DEPTH ||
      template_bytes < 12 || template_bytes > MAX_MESSAGE || seconds + warmup > 120)
    return 2;
  for (size_t i = 0; i < template_bytes; i++) {
    unsigned byte;
    if (sscanf(argv[10] + 2 * i, "%2x", &byte) != 1) return 2;
    template_[i] = (uint8_t)byte;
  }
  offset_ = (size_t)atoi(argv[11]), width = (size_t)atoi(argv[12]);
  records = strtoull(argv[13], NULL, 10);
  answer_bytes = (size_t)atoi(argv[14]);
  if (offset_ + width > template_bytes) return 2;
  if (checking && template_bytes < BODY + 4) return 2;
  if (!checking && !answer_bytes) answer_bytes = template_bytes;
  if (answer_bytes > MAX_MESSAGE) return 2;

  if (cpu >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    sched_setaffinity(0, sizeof set, &set);
  }
  int poll = epoll_create1(0);
  for (int i = 0; i < connections; i++) {
    Connection *c = &all[i];
    c->fd = socket(AF_INET, (tcp ? SOCK_STREAM : SOCK_DGRAM), 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) < 0) die("connect");
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    int one = 1, room = 4 << 20;
    if (tcp) setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    else setsockopt(c->fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    c->in = malloc((size_t)MAX_DEPTH * MAX_MESSAGE);
    c->out = malloc((size_t)MAX_DEPTH * MAX_MESSAGE);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event);
    (tcp ? tcp_send : udp_send)(c, depth);
  }
  uint64_t begun = now_ns(), from = begun + (uint64_t)(warmup * 1e9);
  uint64_t until = from + (uint64_t)(seconds * 1e9), looked = begun, at;
  while ((at = now_ns()) < until) {
    if (!measuring && at >= from) {
      measuring = 1;
      from = at;
    }
    struct epoll_event events[64];
    /* Never asleep: to wake it would be charged to the server that answers. */
    int n = epoll_wait(poll, events, 64, 0);
    for (int i = 0; i < n; i++) (tcp ? tcp_receive : udp_receive)(events[i].data.ptr);
    if (!tcp && at - looked > 100000000ull) {
      looked = at;
      for (int i = 0; i < connections; i++) udp_find_lost(&all[i], at);
    }
  }
  double took = (double)(at - from) / 1e9;
  printf("{\"answers\": %llu, \"seconds\": %.4f, \"rate\": %.0f, \"wrong\": %llu, \"lost\": %llu, "
         "\"mean_bytes\": %.1f, \"p50_us\": %.0f, \"p99_us\": %.0f, \"p50_ns\": %.0f}\n",
         (unsigned long long)answered, took, (double)answered / took, (unsigned long long)wrong,
         (unsigned long long)lost, answered ? (double)received_bytes / (double)answered : 0.0,
         quantile(0.50), quantile(0.99), median_ns());
  return 0;
}
