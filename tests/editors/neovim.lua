-- Neovim 0.11 with its own client: nvim --headless -u NONE -i NONE -n -l neovim.lua CONFIGURATION FILE
local configuration, file = unpack(arg)
local failures = 0

local function check(name, is, why)
  io.stdout:write((is and 'ok      Neovim: ' or 'not ok  Neovim: ') .. name .. (not is and why and ('\n        ' .. tostring(why)) or '') .. '\n')
  if not is then failures = failures + 1 end
end

dofile(configuration)
vim.cmd('filetype on')
vim.cmd.edit(file)
local buffer = vim.api.nvim_get_current_buf()
vim.bo[buffer].filetype = 'python'

local function find(code)
  return vim.tbl_filter(function(one) return one.code == code end, vim.diagnostic.get(buffer))
end

local function place(text)
  for row, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local column = line:find(text, 1, true)
    if column then return row - 1, column - 1 end
  end
end

local function request(method, params)
  local client = vim.lsp.get_clients({ bufnr = buffer })[1]
  local answer = client:request_sync(method, params, 60000, buffer)
  return answer and answer.result
end

check('a mistake is reported', vim.wait(60000, function() return #find('TL108') == 1 end, 20), vim.inspect(vim.diagnostic.get(buffer)))
local row, column = place('x.view')
local finding = find('TL108')[1]
check('it stands where it is', finding and finding.lnum == row, vim.inspect(finding))

local hover_row, hover_column = place('Linear(784')
local function hovers() -- answers come soon after the findings
  local hover = request('textDocument/hover', {
    textDocument = { uri = vim.uri_from_bufnr(buffer) },
    position = { line = hover_row, character = hover_column + 2 },
  })
  return hover and hover.contents.value:find('7,850') ~= nil
end
check('hovering a layer shows its parameters', vim.wait(60000, hovers, 50))

local function hint_at(text)
  local at = place(text)
  for _, hint in ipairs(vim.lsp.inlay_hint.get({ bufnr = buffer })) do
    if hint.inlay_hint.position.line == at then return vim.inspect(hint.inlay_hint.label) end
  end
  return ''
end
local function shows(text, label) return function() return hint_at(text):find(label, 1, true) ~= nil end end
check('inlay hints show shapes', vim.wait(60000, shows('x = self.pool', '[N, 16, 7, 7]'), 20), hint_at('x = self.pool'))
check('but none that a line does not change, as the settings ask for', hint_at('x = torch.relu') ~= '' and hint_at('y = ') == '', hint_at('y = '))

local function lens(title)
  vim.lsp.codelens.refresh({ bufnr = buffer })
  for _, one in ipairs(vim.lsp.codelens.get(buffer)) do
    if one.command and one.command.title:find(title, 1, true) then return one end
  end
end
check('a code lens sums the model up', vim.wait(60000, function() return lens('12,938 parameters') end, 200))

vim.ui.select = function(contexts, options, choose)
  check('a click on a lens asks for the context', #contexts == 2 and options.format_item(contexts[2]):find('Digits', 1, true) ~= nil, vim.inspect(contexts))
  choose(contexts[2])
end
check('a class that is built in two ways has a lens for that', vim.wait(60000, function() return lens('context 1 of 2') end, 200))
local choice = lens('context 1 of 2')
if choice then
  vim.lsp.get_clients({ bufnr = buffer })[1]:exec_cmd(choice.command, { bufnr = buffer })
  check('the chosen context is shown', vim.wait(60000, shows('self.conv1 = ', '2,320'), 20), hint_at('self.conv1 = '))
end

vim.api.nvim_win_set_cursor(0, { row + 1, column + 2 })
vim.lsp.buf.code_action({ apply = true, filter = function(action) return action.title:find('page', 1, true) ~= nil end })
local function is_page() return vim.api.nvim_buf_get_name(0):find('view-noncontiguous.md', 1, true) ~= nil end
check('the page of the rule opens', vim.wait(60000, is_page, 20))
vim.api.nvim_set_current_buf(buffer)
vim.api.nvim_win_set_cursor(0, { row + 1, column + 2 })
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action) return action.kind == 'quickfix' and vim.inspect(action.edit):find('reshape') ~= nil end,
})
local function is_mended() return vim.api.nvim_buf_get_lines(buffer, row, row + 1, false)[1]:find('x.reshape', 1, true) ~= nil end
check('a quick fix mends the line', vim.wait(60000, is_mended, 20))
check('the finding goes', vim.wait(60000, function() return #find('TL108') == 0 end, 20))

local client = vim.lsp.get_clients({ bufnr = buffer })[1]
client:stop()
check('the server ends', vim.wait(60000, function() return client:is_stopped() end, 20))
os.exit(failures == 0 and 0 or 1)
