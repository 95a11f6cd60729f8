" Vim with ALE: vim -es -u NONE -i NONE -S ale.vim CONFIGURATION FILE
set nocompatible noswapfile hidden
let s:failures = 0

function! s:Check(name, is, why) abort
  call writefile([(a:is ? 'ok      ' : 'not ok  ') .. 'Vim: ' .. a:name] + (a:is ? [] : ['        ' .. a:why]), '/dev/stdout', 'a')
  let s:failures += !a:is
endfunction

function! s:Until(ask) abort
  let l:start = reltime()
  while !a:ask()
    if reltimefloat(reltime(l:start)) > 60 | return 0 | endif
    sleep 50m
  endwhile
  return 1
endfunction

function! s:Found() abort
  return filter(ale#engine#GetLoclist(s:buffer), {_, one -> get(one, 'code', '') is# 'TL108'})
endfunction

function! s:GoTo(text) abort
  call cursor(1, 1)
  call search('\V' .. a:text, 'c')
endfunction

function! s:Hover() abort " what the last one showed; answers come soon after the findings
  let l:shown = filter(range(1, winnr('$')), {_, window -> getwinvar(window, '&previewwindow')})
  let l:text = empty(l:shown) ? '' : join(getbufline(winbufnr(l:shown[0]), 1, '$'))
  ALEHover
  return l:text
endfunction

function! s:Take(data, items) abort " what is chosen from ALE's menu
  let s:actions = map(copy(a:items), {_, item -> item[1]})
  let l:fixes = filter(copy(s:actions), {_, action -> string(get(action, 'edit', {})) =~# 'reshape'})
  if !empty(l:fixes) | call ale#codefix#ApplyLSPCodeAction(a:data, l:fixes[0]) | endif
endfunction

let [s:configuration, s:file] = argv()
packadd ale
execute 'source' fnameescape(s:configuration)
filetype plugin on
execute 'edit' fnameescape(s:file)
let s:buffer = bufnr('')
let s:actions = []

call s:Check('a mistake is reported', s:Until({-> !empty(s:Found())}), string(ale#engine#GetLoclist(s:buffer)))
let s:line = get(get(s:Found(), 0, {}), 'lnum')
call s:Check('it stands where it is', getline(s:line) =~# 'x\.view', string(s:Found()))
call s:GoTo('Linear(784')
call s:Check('hovering a layer shows its parameters', s:Until({-> s:Hover() =~# '7,850'}), s:Hover())
pclose
call s:GoTo('view')
call ale#codefix#Execute(0, function('s:Take'))
call s:Check('a quick fix mends the line', s:Until({-> getline(s:line) =~# 'x\.reshape'}), string(s:actions))
doautocmd TextChanged " which a Vim without a screen does not see
call s:Check('the finding goes', s:Until({-> empty(s:Found())}), string(s:Found()))
execute s:failures ? 'cquit' : 'qall!'
