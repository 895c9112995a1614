import type { CompletionNode, CompletionOption, Shell } from './cli/manual.js';

/** The completion script of a shell. Words and summaries are zmint's own, quoted for that shell. */
export function renderCompletion(shell: Shell, nodes: readonly CompletionNode[]): string {
  if (shell === 'bash') return bash(nodes);
  return shell === 'zsh' ? zsh(nodes) : fish(nodes);
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function withValue(nodes: readonly CompletionNode[]): readonly string[] {
  const options = nodes.flatMap((node) => node.options);
  return [...new Set(options.filter((option) => option.takesValue).map((option) => option.flag))];
}

/** The words so far, without options and their values, are the key of a `case`. */
function bash(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map((node) => {
    const words = [...node.next.map((each) => each.word), ...node.options.map((each) => each.flag)];
    return `    ${quote(node.words)}) known=${quote(words.join(' '))} ;;`;
  });
  return `# Completion of zmint for bash.
_zmint() {
  local word path='' try known='' skip='' index
  COMPREPLY=()
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  case "$previous" in
    ${withValue(nodes).join('|')}) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      ${withValue(nodes).join('|')}) skip=1; continue ;;
      -*) continue ;;
    esac
    try="\${path:+$path }$word"
    _zmint_words "$try" || break
    path="$try"
  done
  _zmint_words "$path"
  COMPREPLY=($(compgen -W "$known" -- "$current"))
}
_zmint_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
complete -o default -F _zmint zmint
`;
}

function zsh(nodes: readonly CompletionNode[]): string {
  const cases = nodes.map((node) => {
    const words = node.next.map((each) => quote(`${colon(each.word)}:${each.summary}`));
    const options = node.options.map((each) => quote(`${colon(each.flag)}:${each.summary}`));
    return `    ${quote(node.words)}) known=(${[...words, ...options].join(' ')}) ;;`;
  });
  return `#compdef zmint
# Completion of zmint for zsh.
_zmint_words() {
  case "$1" in
${cases.join('\n')}
    *) return 1 ;;
  esac
}
_zmint() {
  local word place='' try skip='' index
  local -a known
  case "$words[CURRENT-1]" in
    (${withValue(nodes).join('|')}) _files; return ;;
  esac
  for ((index = 2; index < CURRENT; index++)); do
    word="$words[index]"
    if [[ -n $skip ]]; then skip=''; continue; fi
    case "$word" in
      (${withValue(nodes).join('|')}) skip=1; continue ;;
      (-*) continue ;;
    esac
    try="\${place:+$place }$word"
    _zmint_words "$try" || break
    place="$try"
  done
  _zmint_words "$place"
  _describe -V 'zmint' known || _files
}
if [ "$funcstack[1]" = _zmint ]; then
  _zmint "$@"
else
  compdef _zmint zmint
fi
`;
}

function colon(text: string): string {
  return text.replaceAll(':', '\\:');
}

function fish(nodes: readonly CompletionNode[]): string {
  const lines = nodes.flatMap((node) => {
    const here = quote(`__zmint_at exactly ${node.words}`.trimEnd());
    const behind = quote(`__zmint_at behind ${node.words}`.trimEnd());
    const words = node.next.map(
      (each) => `complete -c zmint -f -n ${here} -a ${quote(each.word)} -d ${quote(each.summary)}`,
    );
    return [...words, ...node.options.map((option) => fishOption(behind, option))];
  });
  return `# Completion of zmint for fish.
function __zmint_at
  set -l words
  set -l skip 0
  for word in (commandline -opc)[2..-1]
    if test $skip = 1
      set skip 0
      continue
    end
    switch $word
      case ${withValue(nodes).join(' ')}
        set skip 1
      case '-*'
        continue
      case '*'
        set -a words $word
    end
  end
  set -l place $argv[2..-1]
  set -l depth (count $place)
  if test $argv[1] = exactly
    test "$words" = "$place"
  else
    test $depth -gt 0; and test "$words[1..$depth]" = "$place"
  end
end
${lines.join('\n')}
`;
}

function fishOption(when: string, option: CompletionOption): string {
  const value = option.takesValue ? ' -r' : '';
  const name = option.flag.replace('--', '');
  return `complete -c zmint -n ${when} -l ${name}${value} -d ${quote(option.summary)}`;
}
