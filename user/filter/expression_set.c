/* SPDX-License-Identifier: BSD-2-Clause */
#include "filter/expression_set.h"

#include <errno.h>
#include <stdlib.h>

#include "filter/expression.h"
#include "filter/expression_compiler.h"

static int compile(struct expression_set *set, uint16_t link_type, struct expression **expression)
{
	if (set->compiler)
		return expression_compiler_ask(set->compiler, link_type, expression, set->error, sizeof(set->error));
	return expression_compile_file(set->text, link_type, expression, set->error, sizeof(set->error));
}

static int add(struct expression_set *set, uint16_t link_type)
{
	void *compiled = reallocarray(set->compiled, set->count + 1, sizeof(*set->compiled));
	int ret;

	if (!compiled)
		return -ENOMEM;
	set->compiled = compiled;
	ret = compile(set, link_type, &set->compiled[set->count].expression);
	if (!ret)
		set->compiled[set->count++].link_type = link_type;
	return ret;
}

int expression_set_get(struct expression_set *set, uint16_t link_type, const struct expression **expression)
{
	size_t i = 0;

	while (i < set->count && set->compiled[i].link_type != link_type)
		i++;
	if (i == set->count) {
		int ret = add(set, link_type);

		if (ret)
			return ret;
	}
	*expression = set->compiled[i].expression;
	return 0;
}

void expression_set_release(struct expression_set *set)
{
	for (size_t i = 0; i < set->count; i++)
		expression_close(set->compiled[i].expression);
	free(set->compiled);
	*set = (struct expression_set){0};
}
