# SPDX-License-Identifier: MIT
# bash completion for lastwatt. It asks "lastwatt --help", so it knows what this
# build can do and is never older than the program.

# The words behind the command, out of its usage line: options, and what each
# of them takes.
_lastwatt_usage()
{
	"$1" "$2" --help 2>/dev/null | sed -n 's/^usage: lastwatt [a-z]*//p'
}

# What may stand where the usage says $1: alternatives, files, names of UPSes.
_lastwatt_values()
{
	local of=$1 cur=$2
	case $of in
	*'|'*) compgen -W "${of//|/ }" -- "$cur" ;;
	DIR) compgen -d -- "$cur" ;;
	FILE) compgen -f -- "$cur" ;;
	VERB) compgen -W 'poweroff reboot halt kexec exit' -- "$cur" ;;
	UPS*)
		compgen -W "$(sed -n 's/^[[:space:]]*\[\([^]]*\)\].*/\1/p' \
			"${NUT_CONFPATH:-/etc/nut}/ups.conf" 2>/dev/null)" -- "$cur"
		;;
	esac
}

_lastwatt()
{
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local program=${COMP_WORDS[0]} words word last='' takes='' operand=''

	if [ "$COMP_CWORD" -eq 1 ]; then
		words=$("$program" --help 2>/dev/null | sed -n 's/^  \([a-z]*\) .*/\1/p')
		mapfile -t COMPREPLY < <(compgen -W "$words --help --version" -- "$cur")
		return
	fi
	words=
	for word in $(_lastwatt_usage "$program" "${COMP_WORDS[1]}" | tr -d '[]'); do
		case $word in
		--*) words+=" $word" ;;
		*)
			if [[ $last == --* ]]; then
				[ "$last" != "$prev" ] || takes=$word
			else
				operand=$word
				[ "$word" = "${word^^}" ] || [[ $word == UPS* ]] ||
					[ "$COMP_CWORD" -ne 2 ] || words+=" $word"
			fi
			;;
		esac
		last=$word
	done
	if [ -n "$takes" ]; then
		mapfile -t COMPREPLY < <(_lastwatt_values "$takes" "$cur")
	elif [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words --help" -- "$cur")
	else
		mapfile -t COMPREPLY < <(
			_lastwatt_values "$operand" "$cur"
			[ -n "$operand" ] && [ "$COMP_CWORD" -gt 2 ] ||
				compgen -W "$words --help" -- "$cur"
		)
	fi
}

complete -F _lastwatt lastwatt
