package paint

// role is a line in a theme's table: what a colour is for.
type role uint8

// The roles. The first is the terminal's own colour and is in no table.
const (
	roleOwn role = iota
	roleText
	roleStrong
	roleDim
	roleFaint
	roleAccent
	roleCall
	rolePut
	roleAsk
	roleBid
	roleSmall
	roleMid
	roleLarge
	roleMark
	roleGood
	rolePulse
	roleWarn
	roleBad
	roleSim
	roleLate
	roleBar // grounds from here on
	roleWhale
	roleSelected
	roleBox
	roleCount
)

// roleNames are the roles as a config file names them.
var roleNames = [roleCount]string{
	roleText: "text", roleStrong: "strong", roleDim: "dim", roleFaint: "faint", roleAccent: "accent",
	roleCall: "call", rolePut: "put", roleAsk: "ask", roleBid: "bid",
	roleSmall: "small", roleMid: "mid", roleLarge: "large", roleMark: "mark",
	roleGood: "good", rolePulse: "pulse", roleWarn: "warn", roleBad: "bad", roleSim: "sim", roleLate: "late",
	roleBar: "bar", roleWhale: "whale", roleSelected: "selected", roleBox: "box",
}

// palette is a theme as a table: a colour for each role. Each colour is chosen
// for three depths by hand, so that no depth is the rounding of another.
type palette [roleCount]colour

// Names of the themes that are always there.
const (
	Dark  = "dark"
	Light = "light"
	Mono  = "mono"
)

// palettes are the built-in themes. Mono has no colours at all: bold, reverse
// and underline carry what they carry in a terminal without colours.
var palettes = map[string]*palette{
	Dark: &dark, Light: &light, "classic": &classic, "blue-orange": &blueOrange, Mono: {},
}

// dark is the default theme: calm grey text on the terminal's own dark ground,
// blue calls and orange puts (told apart by colour-blind eyes too), gold for
// large premium.
var dark = palette{
	roleText:     {0xc8ccd4, 252, 0},
	roleStrong:   {0xf2f4f8, 255, 97},
	roleDim:      {0x868e9e, 245, 37},
	roleFaint:    {0x565d6d, 240, 90},
	roleAccent:   {0x9db8ff, 111, 94},
	roleCall:     {0x6fc3ff, 75, 96},
	rolePut:      {0xffa860, 215, 33},
	roleAsk:      {0x6fdc98, 78, 92},
	roleBid:      {0xff7f94, 204, 91},
	roleSmall:    {0x9aa1b0, 247, 37},
	roleMid:      {0xe6e8ee, 254, 97},
	roleLarge:    {0xffd166, 221, 93},
	roleMark:     {0xd3a6ff, 183, 95},
	roleGood:     {0x5fe08a, 78, 92},
	rolePulse:    {0x3d9a5f, 65, 32},
	roleWarn:     {0xffc35c, 215, 93},
	roleBad:      {0xff6b7f, 203, 91},
	roleSim:      {c16: 95},
	roleLate:     {c16: 93},
	roleBar:      {0x1d212b, 234, 0},
	roleWhale:    {0x2a2618, 235, 0},
	roleSelected: {0x29334c, 237, 44},
	roleBox:      {0x1d212b, 234, 0},
}

// light is for terminals with a light ground: dark, saturated inks, and grounds
// that are a breath darker than paper. Sixteen colours have no legible yellow
// on white, so warnings are red and puts magenta there.
var light = palette{
	roleText:     {0x2b303b, 236, 0},
	roleStrong:   {0x0b0e14, 16, 30},
	roleDim:      {0x5c6370, 241, 90},
	roleFaint:    {0x8b919e, 245, 90},
	roleAccent:   {0x1f4fc4, 26, 34},
	roleCall:     {0x0b62b8, 25, 34},
	rolePut:      {0xa04a00, 130, 35},
	roleAsk:      {0x08703a, 28, 32},
	roleBid:      {0xc0263f, 160, 31},
	roleSmall:    {0x5c6370, 241, 90},
	roleMid:      {0x14181f, 233, 30},
	roleLarge:    {0x855500, 94, 30},
	roleMark:     {0x7a2fbf, 91, 35},
	roleGood:     {0x08703a, 28, 32},
	rolePulse:    {0x4f9e70, 71, 92},
	roleWarn:     {0x955600, 130, 31},
	roleBad:      {0xb81f38, 160, 31},
	roleSim:      {c16: 35},
	roleLate:     {c16: 31},
	roleBar:      {0xe9ecf2, 255, 47},
	roleWhale:    {0xfff1cc, 230, 0},
	roleSelected: {0xe0e9ff, 189, 47},
	roleBox:      {0xeff1f6, 255, 47},
}

// classic is what trading screens have always looked like: green calls, red
// puts, amber for what can be pressed.
var classic = palette{
	roleText:     {0xd0d0d0, 252, 0},
	roleStrong:   {0xffffff, 231, 97},
	roleDim:      {0x8a8a8a, 245, 37},
	roleFaint:    {0x5f5f5f, 241, 90},
	roleAccent:   {0xffb000, 214, 93},
	roleCall:     {0x4ade80, 77, 32},
	rolePut:      {0xf87171, 203, 31},
	roleAsk:      {0x4ade80, 77, 92},
	roleBid:      {0xf87171, 203, 91},
	roleSmall:    {0x9e9e9e, 247, 37},
	roleMid:      {0xeeeeee, 255, 97},
	roleLarge:    {0xffd75f, 221, 93},
	roleMark:     {0xffb000, 214, 96},
	roleGood:     {0x4ade80, 77, 92},
	rolePulse:    {0x2f8f53, 65, 32},
	roleWarn:     {0xffd75f, 221, 93},
	roleBad:      {0xff6b6b, 203, 91},
	roleSim:      {c16: 93},
	roleLate:     {c16: 91},
	roleBar:      {0x202020, 234, 0},
	roleWhale:    {0x2b2410, 235, 0},
	roleSelected: {0x303030, 236, 100},
	roleBox:      {0x202020, 234, 0},
}

// blueOrange tells by blue and orange only, never by red against green. Its hues
// are those that Okabe and Ito chose for every kind of colour blindness.
var blueOrange = palette{
	roleText:     {0xd0d4da, 252, 0},
	roleStrong:   {0xffffff, 231, 97},
	roleDim:      {0x8b919c, 245, 37},
	roleFaint:    {0x5c626d, 241, 90},
	roleAccent:   {0xf0e442, 227, 93},
	roleCall:     {0x56b4e9, 74, 96},
	rolePut:      {0xe69f00, 214, 33},
	roleAsk:      {0x56b4e9, 74, 96},
	roleBid:      {0xe69f00, 214, 33},
	roleSmall:    {0xa0a6b2, 247, 37},
	roleMid:      {0xf0f2f6, 255, 97},
	roleLarge:    {0xf0e442, 227, 93},
	roleMark:     {0xd999bd, 175, 95},
	roleGood:     {0x56b4e9, 74, 96},
	rolePulse:    {0x2f7ea8, 31, 36},
	roleWarn:     {0xf0e442, 227, 93},
	roleBad:      {0xff8a3d, 208, 33},
	roleSim:      {c16: 95},
	roleLate:     {c16: 93},
	roleBar:      {0x1b212b, 234, 0},
	roleWhale:    {0x2c2914, 235, 0},
	roleSelected: {0x24405a, 24, 44},
	roleBox:      {0x1b212b, 234, 0},
}
