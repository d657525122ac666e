// SPDX-License-Identifier: Dual BSD/GPL
/*
 * Learns which socket a packet belongs to, and which process uses the socket. A socket filter cannot know: it sees a
 * clone of an outgoing packet, without its socket.
 */
#include "owner_family.h"
#include "owner_flows.h"
#include "owner_maps.h"
#include "owner_nat.h"
#include "owner_old.h"
#include "owner_ports.h"
#include "owner_users.h"

enum {
	/* <linux/bpf.h> */
	BPF_SOCK_OPS_RWND_INIT = 2,
	BPF_SOCK_OPS_TCP_CONNECT_CB = 3,

	/* <net/tcp_states.h> */
	TCP_TIME_WAIT = 6,
	TCP_LISTEN = 10,
	TCP_NEW_SYN_RECV = 12,
};

/* A connection begins: before its SYN, or the SYN,ACK, leaves. */
SEC("sockops")
int ow_sockops(struct bpf_sock_ops *ops)
{
	struct owner_flow_key key = {.protocol = IP_TCP};
	__u64 cookie;

	if (ops->op != BPF_SOCK_OPS_TCP_CONNECT_CB && ops->op != BPF_SOCK_OPS_RWND_INIT)
		return 1;
	if (ops->family == AF_INET) {
		map_ipv4(key.local, ops->local_ip4);
		map_ipv4(key.remote, ops->remote_ip4);
	} else if (ops->family == AF_INET6) {
		__u32 local[4] = {ops->local_ip6[0], ops->local_ip6[1], ops->local_ip6[2], ops->local_ip6[3]};
		__u32 remote[4] = {ops->remote_ip6[0], ops->remote_ip6[1], ops->remote_ip6[2], ops->remote_ip6[3]};

		take_ipv6(key.local, local);
		take_ipv6(key.remote, remote);
	} else {
		return 1;
	}
	key.netns = bpf_get_netns_cookie(ops);
	key.local_port = (__u16)ops->local_port;
	key.remote_port = (__u16)bpf_ntohl(ops->remote_port);
	cookie = bpf_get_socket_cookie(ops);
	tie_flow(&key, cookie, OWNER_TIE_SOCKET);
	if (ops->op == BPF_SOCK_OPS_RWND_INIT)
		note_listener(&key, cookie);
	return 1;
}

ALWAYS_INLINE bool is_full(const struct sock *sk)
{
	return sk->__sk_common.skc_state != TCP_TIME_WAIT && sk->__sk_common.skc_state != TCP_NEW_SYN_RECV;
}

/* The sockets of the kernel have no file. */
ALWAYS_INLINE enum owner_tie tie_of(const struct sock *sk)
{
	struct socket *socket;

	if (!is_full(sk))
		return OWNER_TIE_SOCKET;
	socket = sk->sk_socket;
	if (!socket || !socket->file)
		return OWNER_TIE_KERNEL;
	return sk->sk_type == SOCK_RAW ? OWNER_TIE_RAW : OWNER_TIE_SOCKET;
}

/* A packet is about to leave. This comes before the tap. */
SEC("tp_btf/net_dev_queue")
int ow_queued(unsigned long long *ctx)
{
	struct sk_buff *skb = (void *)ctx[0];
	struct owner_flow_key key = {0};
	struct sock *sk = skb->sk;
	enum owner_tie tie;
	__u64 cookie;

	if (!sk && skb->skb_iif) { /* forwarded */
		tie_translated(skb);
		return 0;
	}
	if (!packet_key(skb, &key))
		return 0;
	tie = sk ? tie_of(sk) : OWNER_TIE_KERNEL;
	cookie = sk && tie != OWNER_TIE_KERNEL ? (__u64)sk->__sk_common.skc_cookie.counter : 0;
	if (tie != OWNER_TIE_KERNEL && !cookie)
		return 0;
	/* An orphan: its flow is known, or was never. */
	if (sk && is_full(sk) && !sk->sk_socket && sk->__sk_common.skc_cookie.counter)
		return 0;
	if (cookie)
		note_hint(cookie);
	tie_flow(&key, cookie, tie);
	return 0;
}

/* A packet has come in. One that crossed a veth from another namespace still has the socket of its sender. */
SEC("tp_btf/netif_receive_skb")
int ow_received(unsigned long long *ctx)
{
	struct sk_buff *skb = (void *)ctx[0];
	struct owner_flow_key key = {0};
	struct sock *sk = skb->sk;
	__u64 cookie;

	if (!sk || skb->dev->nd_net.net->net_cookie == sk->__sk_common.skc_net.net->net_cookie)
		return 0;
	cookie = (__u64)sk->__sk_common.skc_cookie.counter;
	if (is_full(sk) && tie_of(sk) == OWNER_TIE_KERNEL && !cookie)
		return 0;
	if (cookie && packet_key(skb, &key))
		tie_flow(&key, cookie, OWNER_TIE_SENDER);
	return 0;
}

SEC("cgroup/sock_create")
int ow_create(struct bpf_sock *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);
	struct owner_process_key who = current_process();
	struct owner_socket *socket = socket_of(cookie);

	if (socket) {
		socket->creator = who;
		socket->created = bpf_ktime_get_ns();
	}
	return 1;
}

/* The last of those who had the socket open closes it, if only by exiting. */
SEC("cgroup/sock_release")
int ow_release(struct bpf_sock *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);
	struct owner_socket *socket;

	used(cookie, false);
	socket = bpf_map_lookup_elem(&ow_sockets, &cookie);
	if (!socket)
		return 1;
	socket->closed = bpf_ktime_get_ns();
	raise_epoch(epoch_of_socket(cookie));
	return 1;
}

SEC("cgroup/connect4")
int ow_connect4(struct bpf_sock_addr *ctx)
{
	used(bpf_get_socket_cookie(ctx), false);
	return 1;
}

SEC("cgroup/connect6")
int ow_connect6(struct bpf_sock_addr *ctx)
{
	used(bpf_get_socket_cookie(ctx), false);
	return 1;
}

/* A socket that sends before it is bound has been given a port by now, and no post_bind program was asked. */
ALWAYS_INLINE void hold_own_port(struct bpf_sock_addr *ctx, __u64 cookie)
{
	struct owner_port_key key = {.netns = bpf_get_netns_cookie(ctx), .protocol = ctx->protocol};
	const volatile struct bpf_sock *sk = ctx->sk; /* the compiler may not make pointers into it */
	__u32 ipv4, ipv6[4];

	if (!sk || sk->type == SOCK_RAW)
		return;
	ipv4 = sk->src_ip4;
	for (int i = 0; i < 4; i++)
		ipv6[i] = sk->src_ip6[i];
	key.port = sk->src_port;
	if (sk->family == AF_INET)
		map_ipv4(key.local, ipv4);
	else
		take_ipv6(key.local, ipv6);
	if (key.port)
		hold_port(&key, cookie);
}

SEC("cgroup/sendmsg4")
int ow_sendmsg4(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);

	used(cookie, false);
	hold_own_port(ctx, cookie);
	return 1;
}

SEC("cgroup/sendmsg6")
int ow_sendmsg6(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);

	used(cookie, false);
	hold_own_port(ctx, cookie);
	return 1;
}

/* accept(2) asks for the peer's name, if its caller does. So does getpeername(2), of a socket that somebody has made
 * too.
 */
ALWAYS_INLINE int accepted(__u64 cookie)
{
	struct owner_process_key who = current_process();
	struct owner_socket *socket = socket_of(cookie);

	if (!socket || socket->stint_count || socket->acceptor.pid || socket->creator.pid || socket->listed)
		return 1;
	socket->acceptor = who;
	raise_epoch(epoch_of_socket(cookie));
	return 1;
}

SEC("cgroup/getpeername4")
int ow_getpeername4(struct bpf_sock_addr *ctx)
{
	return accepted(bpf_get_socket_cookie(ctx));
}

SEC("cgroup/getpeername6")
int ow_getpeername6(struct bpf_sock_addr *ctx)
{
	return accepted(bpf_get_socket_cookie(ctx));
}

SEC("cgroup/post_bind4")
int ow_post_bind4(struct bpf_sock *ctx)
{
	struct owner_port_key key = {
		.netns = bpf_get_netns_cookie(ctx), .port = ctx->src_port, .protocol = ctx->protocol};

	map_ipv4(key.local, ctx->src_ip4);
	hold_port(&key, bpf_get_socket_cookie(ctx));
	return 1;
}

SEC("cgroup/post_bind6")
int ow_post_bind6(struct bpf_sock *ctx)
{
	struct owner_port_key key = {
		.netns = bpf_get_netns_cookie(ctx), .port = ctx->src_port, .protocol = ctx->protocol};
	__u32 local[4] = {ctx->src_ip6[0], ctx->src_ip6[1], ctx->src_ip6[2], ctx->src_ip6[3]};

	take_ipv6(key.local, local);
	hold_port(&key, bpf_get_socket_cookie(ctx));
	return 1;
}

ALWAYS_INLINE bool is_inet(const struct sock *sk)
{
	return sk->__sk_common.skc_family == AF_INET || sk->__sk_common.skc_family == AF_INET6;
}

/* Both run in the caller's context, when his system call ends. */
SEC("tp_btf/sock_send_length")
int ow_sent(unsigned long long *ctx)
{
	struct sock *sk = (void *)ctx[0];
	if (is_inet(sk))
		used((__u64)sk->__sk_common.skc_cookie.counter, false);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int ow_taken(unsigned long long *ctx)
{
	struct sock *sk = (void *)ctx[0];
	if (is_inet(sk) && sk->__sk_common.skc_state != TCP_LISTEN)
		used((__u64)sk->__sk_common.skc_cookie.counter, true);
	return 0;
}

/* A process goes on as another program. */
SEC("tp_btf/sched_process_exec")
int ow_exec(unsigned long long *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	struct owner_process_key key = process_key(task);

	if (bpf_map_lookup_elem(&ow_processes, &key))
		note_process(&key, true);
	return 0;
}

/* A process takes another name. */
SEC("tp_btf/task_rename")
int ow_rename(unsigned long long *ctx)
{
	struct task_struct *task = (void *)ctx[0];
	const char *name = (void *)ctx[1];
	struct owner_process_key key = process_key(task);
	struct owner_process *process;

	if (task->pid != task->tgid)
		return 0;
	family_rename(task, name);
	process = bpf_map_lookup_elem(&ow_processes, &key);
	if (process)
		bpf_probe_read_kernel_str(process->command, sizeof(process->command), name);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int ow_fork(unsigned long long *ctx)
{
	struct task_struct *parent = (void *)ctx[0], *child = (void *)ctx[1];

	if (child->tgid == parent->tgid)
		return 0;
	note_fork(parent);
	family_fork(parent, child);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int ow_exit(unsigned long long *ctx)
{
	struct task_struct *task = (void *)ctx[0];

	if (task->pid == task->tgid)
		note_exit(task);
	return 0;
}

SEC("tp_btf/cgroup_mkdir")
int ow_cgroup(unsigned long long *ctx)
{
	struct cgroup *cgroup = (void *)ctx[0];
	const char *path = (void *)ctx[1];
	struct owner_cgroup found = {0};
	__u64 id = cgroup->kn->id;

	if (bpf_probe_read_kernel_str(found.path, sizeof(found.path), path) > 0)
		bpf_map_update_elem(&ow_cgroups, &id, &found, BPF_ANY);
	return 0;
}

/* Every open file of every process, one after the other. */
SEC("iter.s/task_file")
int ow_old(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	__u32 first = 0;
	const __u32 *pass = bpf_map_lookup_elem(&ow_pass, &first);
	struct socket *socket;
	struct sock *sk;
	__u64 cookie;

	if (!task || !file || !pass)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk || !is_inet(sk))
		return 0;
	cookie = bpf_get_socket_cookie(sk);
	if (!cookie)
		return 0;
	note_holder(task, cookie, *pass);
	place_old(sk, cookie, *pass);
	return 0;
}

/* Every thread. */
SEC("iter/task")
int ow_tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && task->pid == task->tgid)
		family_old(task);
	return 0;
}

char _license[] SEC("license") = "Dual BSD/GPL";
