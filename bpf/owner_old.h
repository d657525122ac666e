/* SPDX-License-Identifier: Dual BSD/GPL */
#ifndef BPFSNIFF_OWNER_OLD_H
#define BPFSNIFF_OWNER_OLD_H

#include "owner_flows.h"
#include "owner_ports.h"
#include "owner_users.h"

/* What an iterator finds of sockets that nothing was seen of when they were opened. */

/* The conversation or the port of a socket that was not seen when it got them. */
ALWAYS_INLINE void place_old(const struct sock *sk, __u64 cookie, __u32 pass)
{
	const struct sock_common *common = &sk->__sk_common;
	struct owner_flow_key key = {.netns = common->skc_net.net->net_cookie,
				     .local_port = common->skc_num,
				     .remote_port = bpf_ntohs(common->skc_dport),
				     .protocol = sk->sk_protocol};
	struct owner_port_key port = {.netns = key.netns, .port = key.local_port, .protocol = key.protocol};
	struct owner_flow flow = {
		.now = {.cookie = cookie, .since = pass > 1 ? bpf_ktime_get_ns() : 1, .tie = OWNER_TIE_SOCKET}};

	if (common->skc_family == AF_INET6) {
		bpf_probe_read_kernel(key.local, sizeof(key.local), &common->skc_v6_rcv_saddr);
		bpf_probe_read_kernel(key.remote, sizeof(key.remote), &common->skc_v6_daddr);
	} else {
		map_ipv4(key.local, common->skc_rcv_saddr);
		map_ipv4(key.remote, common->skc_daddr);
	}
	__builtin_memcpy(port.local, key.local, sizeof(port.local));
	if (sk->sk_type == SOCK_RAW || !key.local_port)
		return;
	if (key.remote_port && bpf_map_update_elem(&ow_flows, &key, &flow, BPF_NOEXIST) == 0) {
		count_flow();
		raise_epoch(epoch_of_flow(&key));
	}
	if (!key.remote_port && (key.protocol != IP_TCP || common->skc_state == TCP_LISTEN))
		hold_port_since(&port, cookie, sk->__sk_common.skc_bound_dev_if, 0);
}

/* A process has the socket open now. */
ALWAYS_INLINE void note_holder(struct task_struct *task, const struct sock *sk, __u64 cookie, __u32 pass)
{
	struct owner_process_key who = process_key(task);
	struct owner_socket *socket = socket_of(cookie);
	struct owner_process process = {0};
	__u64 start, size;
	__u32 holders;
	bool is_new;

	if (!socket)
		return;
	holders = socket->pass == pass ? socket->holders + 1 : 1;
	if (socket->pass == pass && same_process(&socket->holder, &who))
		return;
	is_new = !socket->listed || socket->holders != holders || !same_process(&socket->holder, &who);
	socket->pass = pass;
	socket->holder = who;
	socket->holders = holders;
	socket->netns = sk->__sk_common.skc_net.net->net_cookie;
	socket->listed = bpf_ktime_get_ns();
	if (is_new)
		raise_epoch(epoch_of_socket(cookie));
	if (bpf_map_lookup_elem(&ow_processes, &who))
		return;
	describe(task, &process);
	size = arguments_size(task, &start);
	barrier_var(size);
	bpf_copy_from_user_task(process.arguments, size & (OWNER_ARGUMENTS_MAX - 1), (const void *)start, task, 0);
	bpf_map_update_elem(&ow_processes, &who, &process, BPF_ANY);
	raise_process(&who);
}

#endif
