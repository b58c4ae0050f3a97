package sim

import (
	"net/http"
	"time"

	"optflow/feed/sim/exchange"
	"optflow/model"
)

// marketNow is GET /v1/marketstatus/now. The simulated market is always open.
func (a *rest) marketNow(*http.Request) (answer, *failure) {
	type names map[string]string
	return struct {
		AfterHours bool   `json:"afterHours"`
		Currencies names  `json:"currencies"`
		EarlyHours bool   `json:"earlyHours"`
		Exchanges  names  `json:"exchanges"`
		Indices    names  `json:"indicesGroups"`
		Market     string `json:"market"`
		ServerTime string `json:"serverTime"`
	}{
		Currencies: names{"crypto": "open", "fx": "open"},
		Exchanges:  names{"nasdaq": "open", "nyse": "open", "otc": "open"},
		Indices:    names{"s_and_p": "open", "cboe": "open"},
		Market:     "open",
		ServerTime: a.market.Now().In(model.NewYork).Format(time.RFC3339),
	}, nil
}

// marketUpcoming is GET /v1/marketstatus/upcoming: no closure is ahead of a
// market that never closes.
func (a *rest) marketUpcoming(*http.Request) (answer, *failure) { return []struct{}{}, nil }

// exchangeNames are the options exchanges by OPRA letter.
var exchangeNames = []struct {
	letter    byte
	name, mic string
}{
	{'A', "NYSE American Options", "AMXO"}, {'B', "BOX Options Exchange", "XBOX"}, {'C', "Cboe Options Exchange", "XCBO"},
	{'D', "MIAX Emerald", "EMLD"}, {'E', "Cboe EDGX Options", "EDGO"}, {'H', "Nasdaq GEMX", "GMNI"},
	{'I', "Nasdaq ISE", "XISX"}, {'J', "Nasdaq MRX", "MCRY"}, {'M', "MIAX Options", "XMIO"},
	{'N', "NYSE Arca Options", "ARCO"}, {'P', "MIAX Pearl", "MPRL"}, {'Q', "Nasdaq Options Market", "XNDQ"},
	{'S', "MIAX Sapphire", "SPHR"}, {'T', "Nasdaq BX Options", "XBXO"}, {'U', "MEMX Options", "MXOP"},
	{'W', "Cboe C2", "C2OX"}, {'X', "Nasdaq PHLX", "XPHO"}, {'Z', "Cboe BZX Options", "BATO"},
}

// exchanges is GET /v3/reference/exchanges; there is no paging.
func (a *rest) exchanges(*http.Request) (answer, *failure) {
	type row struct {
		ID          int    `json:"id"`
		Type        string `json:"type"`
		Class       string `json:"asset_class"`
		Locale      string `json:"locale"`
		Name        string `json:"name"`
		MIC         string `json:"mic"`
		Operating   string `json:"operating_mic"`
		Participant string `json:"participant_id"`
	}
	var rows []row
	for _, e := range exchangeNames {
		rows = append(rows, row{exchange.ExchangeID(e.letter), "exchange", "options", "us", e.name, e.mic, e.mic, string(e.letter)})
	}
	return struct {
		page
		Count int `json:"count"`
	}{page{RequestID: a.requestID(), Status: "OK", Results: rows}, len(rows)}, nil
}

// conditionNames are OPRA's conditions that trades of the simulated market carry.
var conditionNames = []struct {
	letter byte
	name   string
}{
	{'D', "Late"}, {'I', "Automatic Execution"}, {'S', "Intermarket Sweep Order"},
	{'a', "Single Leg Auction Non ISO"}, {'c', "Single Leg Cross Non ISO"}, {'e', "Single Leg Floor Trade"},
	{'f', "Multi Leg Auto-Electronic"}, {'g', "Multi Leg Auction"}, {'j', "Multi Leg Auto-Electronic Against Single Leg(s)"},
}

// conditions is GET /v3/reference/conditions.
func (a *rest) conditions(r *http.Request) (answer, *failure) {
	type row struct {
		ID      int               `json:"id"`
		Class   string            `json:"asset_class"`
		Data    []string          `json:"data_types"`
		Name    string            `json:"name"`
		Type    string            `json:"type"`
		Mapping map[string]string `json:"sip_mapping"`
	}
	q, bad := readQuery(r, 10, 1000, "asset_class", "id", "type", "name", "data_types", "legacy")
	if bad != nil {
		return nil, bad
	}
	var rows []row
	for _, c := range conditionNames {
		rows = append(rows, row{exchange.ConditionID(c.letter), "options", []string{"trade"}, c.name, "sale_condition", map[string]string{"OPRA": string(c.letter)}})
	}
	rows, next := pageOf(&q, r, rows)
	return page{RequestID: a.requestID(), Status: "OK", Results: rows, NextURL: next}, nil
}
