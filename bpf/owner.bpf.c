// SPDX-License-Identifier: Dual BSD/GPL
/*
 * Learns which socket a packet belongs to, and which process uses the socket. A socket filter cannot know: it sees a
 * clone of an outgoing packet, without its socket.
 */
#include "owner_delivered.h"
#include "owner_family.h"
#include "owner_flows.h"
#include "owner_maps.h"
#include "owner_nat.h"
#include "owner_old.h"
#include "owner_passed.h"
#include "owner_ports.h"
#include "owner_users.h"

enum {
	/* <linux/bpf.h> */
	BPF_SOCK_OPS_RWND_INIT = 2,
	BPF_SOCK_OPS_TCP_CONNECT_CB = 3,
	BPF_SOCK_OPS_TCP_LISTEN_CB = 11,
};

/* A socket listens, or a connection begins: before its SYN, or the SYN,ACK, leaves. */
SEC("sockops")
int ow_sockops(struct bpf_sock_ops *ops)
{
	struct owner_flow_key key = {.protocol = IP_TCP};
	__u64 cookie;

	if (ops->op != BPF_SOCK_OPS_TCP_CONNECT_CB && ops->op != BPF_SOCK_OPS_RWND_INIT &&
	    ops->op != BPF_SOCK_OPS_TCP_LISTEN_CB)
		return 1;
	if (ops->op == BPF_SOCK_OPS_RWND_INIT && ops->is_fullsock) /* it connects, which has been told */
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
	if (ops->op == BPF_SOCK_OPS_TCP_LISTEN_CB) {
		listens(&key, cookie);
		return 1;
	}
	if (ops->op == BPF_SOCK_OPS_RWND_INIT)
		note_connection(&key, cookie);
	tie_flow(&key, cookie, OWNER_TIE_SOCKET);
	return 1;
}

static const __u64 YOUNG_NS = 50000000;

/* A connection is tied when it begins (ow_sockops()), and until now the table of flows cannot have forgotten it. */
ALWAYS_INLINE bool is_young_connection(const struct sk_buff *skb, const struct sock *sk,
				       const struct owner_socket *socket, __u64 now)
{
	if (is_full(sk) && sk->sk_protocol != IP_TCP)
		return false;
	return now - socket->created < YOUNG_NS && !is_translated(skb);
}

/* A packet is about to leave. This comes before the tap. */
SEC("tp_btf/net_dev_queue")
int ow_queued(unsigned long long *ctx)
{
	struct sk_buff *skb = (void *)ctx[0];
	struct owner_flow_key key = {0};
	struct owner_socket *socket;
	struct sock *sk = skb->sk;
	enum owner_tie tie;
	__u64 cookie, now;

	if (!sk && skb->skb_iif) { /* forwarded */
		tie_translated(skb);
		return 0;
	}
	tie = sk ? tie_of(sk) : OWNER_TIE_KERNEL;
	cookie = sk && tie != OWNER_TIE_KERNEL ? (__u64)sk->__sk_common.skc_cookie.counter : 0;
	if (tie != OWNER_TIE_KERNEL && !cookie)
		return 0;
	/* An orphan: its flow is known, or was never. */
	if (sk && is_full(sk) && !sk->sk_socket && sk->__sk_common.skc_cookie.counter)
		return 0;
	socket = cookie ? bpf_map_lookup_elem(&ow_sockets, &cookie) : NULL;
	if (socket) {
		now = bpf_ktime_get_ns();
		note_hint(cookie, socket, now);
		if (tie == OWNER_TIE_SOCKET && is_young_connection(skb, sk, socket, now))
			return 0;
	}
	if (packet_key(skb, &key))
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

/* A packet is given to its socket. This comes after the tap. */
SEC("cgroup_skb/ingress")
int ow_delivered(struct __sk_buff *skb)
{
	tie_delivered(skb, bpf_get_socket_cookie(skb));
	return 1;
}

SEC("cgroup/sock_create")
int ow_create(struct bpf_sock *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);
	struct owner_process_key who = current_process();
	struct owner_socket *socket = new_socket(cookie);

	if (socket) {
		socket->creator = who;
		socket->created = bpf_ktime_get_ns();
		socket->netns = bpf_get_netns_cookie(ctx);
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
	__u64 cookie = bpf_get_socket_cookie(ctx);

	used(cookie, false);
	hold_own_port(ctx, cookie, true);
	return 1;
}

SEC("cgroup/connect6")
int ow_connect6(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);

	used(cookie, false);
	hold_own_port(ctx, cookie, true);
	return 1;
}

SEC("cgroup/sendmsg4")
int ow_sendmsg4(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);

	used(cookie, false);
	hold_own_port(ctx, cookie, false);
	return 1;
}

SEC("cgroup/sendmsg6")
int ow_sendmsg6(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);

	used(cookie, false);
	hold_own_port(ctx, cookie, false);
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

/* One of TCP takes nothing until it listens. */
SEC("cgroup/post_bind4")
int ow_post_bind4(struct bpf_sock *ctx)
{
	struct owner_port_key key = {
		.netns = bpf_get_netns_cookie(ctx), .port = ctx->src_port, .protocol = ctx->protocol};

	map_ipv4(key.local, ctx->src_ip4);
	if (key.protocol != IP_TCP)
		hold_port(&key, bpf_get_socket_cookie(ctx), false);
	return 1;
}

SEC("cgroup/post_bind6")
int ow_post_bind6(struct bpf_sock *ctx)
{
	struct owner_port_key key = {
		.netns = bpf_get_netns_cookie(ctx), .port = ctx->src_port, .protocol = ctx->protocol};
	__u32 local[4] = {ctx->src_ip6[0], ctx->src_ip6[1], ctx->src_ip6[2], ctx->src_ip6[3]};

	take_ipv6(key.local, local);
	if (key.protocol != IP_TCP)
		hold_port(&key, bpf_get_socket_cookie(ctx), false);
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
	else if (sk->__sk_common.skc_family == AF_UNIX && may_pass_descriptors())
		note_gift(bpf_get_current_task_btf());
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
		rename_process(process, name);
	return 0;
}

SEC("tp_btf/sched_process_fork")
int ow_fork(unsigned long long *ctx)
{
	struct task_struct *parent = (void *)ctx[0], *child = (void *)ctx[1];

	if (child->tgid == parent->tgid)
		return 0;
	note_gift(parent);
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
	note_holder(task, sk, cookie, *pass);
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
