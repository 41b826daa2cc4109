# Tab completes verbs, jobs and options: source this file from ~/.bashrc. sora must be on the PATH, or a function.
_sora_complete() {
    local suggestions
    suggestions=$(sora "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)
    mapfile -t COMPREPLY < <(compgen -W "$suggestions" -- "${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _sora_complete sora
